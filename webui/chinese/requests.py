"""What is amiss with a query, or with another request."""

from __future__ import annotations

REQUESTS = {
    # What to look for.
    "say what to look for: words, a file, an item, or filters.": (
        "请说明要找什么：文字、文件、条目或筛选条件。"
    ),
    "A query needs a text, a picture, a recording or an item to look for.": (
        "查询需要一段文字、一张图片、一段录音或一个条目。"
    ),
    "The query's text is empty: write what to look for.": "查询的文字是空的，请写下要找什么。",
    "The terms of the query cancel out: change their weights.": (
        "查询的各部分互相抵消，请调整它们的权重。"
    ),
    "No speech was heard in the recording: speak closer, or type.": (
        "录音中没有听到说话声，请靠近些再说，或直接输入。"
    ),
    "the text takes {count} tokens, and one vector holds {bound}: shorten it, or split it into "
    "passages": "文字有 {count} 个词元，而一个向量容纳 {bound} 个；请缩短，或分成几段",
    "A text of {count} tokens does not fit the {bound} of {name}: split it.": (
        "文字有 {count} 个词元，超过 {name} 的 {bound} 个，请分开。"
    ),
    "it has {count} components; the library's encoder, {name}, gives {dim}.": (
        "它有 {count} 个分量，而资料库的编码器 {name} 给出 {dim} 个。"
    ),
    "it needs a direction: finite numbers, not all of them 0.": (
        "它需要一个方向：有限的数，且不全为 0。"
    ),
    "{count} things to look for; name {bound} at most.": "要找的有 {count} 项，最多 {bound} 项。",
    "addresses are not fetched; send the picture as image.": (
        "不会抓取网址，请用 image 字段发送图片。"
    ),
    "say what to look for: text, image or embedding_input.": (
        "请说明要找什么：text、image 或 embedding_input。"
    ),
    # What is not there.
    "There is no item {number} in this library.": "资料库中没有条目 {number}。",
    "Item {number} has no words or picture to compare with.": (
        "条目 {number} 没有可比较的文字或画面。"
    ),
    "Item {number} has no words or picture that could match.": (
        "条目 {number} 没有可能匹配的文字或画面。"
    ),
    "Item {number} has no passage {passage}.": "条目 {number} 没有段落 {passage}。",
    "Item {number} has no thumbnail.": "条目 {number} 没有缩略图。",
    "Item {number} is no picture.": "条目 {number} 不是图片。",
    "{text} is not the number of a passage": "{text} 不是段落编号",
    "The file of item {number} is no longer there; index its folder again.": (
        "条目 {number} 的文件已不在原处，请重新索引它的文件夹。"
    ),
    "{file} is no longer there; index its folder again.": (
        "{file} 已不在原处，请重新索引它的文件夹。"
    ),
    "There is no run {number}.": "没有编号为 {number} 的索引任务。",
    # Fields.
    "Field required": "缺少此字段",
    "there is no such field": "没有这个字段",
    "write true or false": "请写 true 或 false",
    "write a date as 2024-05-31, a moment as 2024-05-31T18:30:00": (
        "日期请写成 2024-05-31，时刻请写成 2024-05-31T18:30:00"
    ),
    "this moment is outside the local calendar": "这个时刻超出了本地日历的范围",
    "Input should be a valid {kind}, unable to parse string as {form}": "这里应当是{kind}",
    "Input should be a valid {kind}, unable to interpret input": "这里应当是{kind}",
    "Input should be an object": "这里应当是对象",
    "Input should be a valid {kind}": "这里应当是{kind}",
    "integer": "整数",
    "number": "数字",
    "string": "文字",
    "list": "列表",
    "array": "列表",
    "dictionary": "对象",
    "datetime": "日期或时刻",
    "boolean": "真假值",
    "object": "对象",
    "Input should be a finite number": "这里应当是有限的数",
    "Input should be greater than or equal to {bound}": "不能小于 {bound}",
    "Input should be less than or equal to {bound}": "不能大于 {bound}",
    "Input should be less than {bound}": "必须小于 {bound}",
    "Input should be {choices} or {last}": "应当是 {choices} 或 {last}",
    "Input should be {choice}": "应当是 {choice}",
    "String should have at most {bound} character{s}": "最多 {bound} 个字符",
    "String should have at least {bound} character{s}": "至少 {bound} 个字符",
    "{list} should have at most {bound} item{s} after validation, not {count}": (
        "最多 {bound} 项，这里有 {count} 项"
    ),
    "{list} should have at least {bound} item{s} after validation, not {count}": (
        "至少 {bound} 项，这里有 {count} 项"
    ),
    "String should match pattern {pattern}": "应当符合 {pattern}",
    "a term has exactly one of text, image, audio, item and vector": (
        "每一项必须且只能含有 text、image、audio、item、vector 之一"
    ),
    "Invalid JSON: {reason}": "不是有效的 JSON：{reason}",
    "it is given {count} times; give it once.": "给出了 {count} 次，只需一次。",
    "unknown file field; known: {fields}": "没有这个文件字段；可用的有：{fields}",
    "send it as a file, with a file name.": "请作为文件发送，并带上文件名。",
    "Send the query as application/json, or as {form} when it holds files.": (
        "请以 application/json 发送查询；含有文件时用 {form}。"
    ),
    "Send the query as application/json.": "请以 application/json 发送查询。",
    "A file in the query is not valid base64; encode its bytes anew.": (
        "查询中有文件不是有效的 base64，请重新编码。"
    ),
    # Too much.
    "Too much is being {done} at the moment; try again in a while.": (
        "服务器正在{done}太多内容，请稍后再试。"
    ),
    "decoded": "解码",
    "exported": "导出",
    "Too much is decoded at the moment; try again.": "服务器正在解码太多内容，请再试一次。",
    "Nothing more is decoded: what asked for it has ended.": "不再解码：请求已经结束。",
    "The files of the query take longer than {seconds} seconds to decode; send fewer or smaller "
    "ones.": "查询中的文件解码超过 {seconds} 秒，请发送更少或更小的文件。",
    "Too many watch already; ask for the run itself.": "同时查看的人太多，请直接查询该任务。",
    "Too many requests without the token; wait a minute.": "没有令牌的请求过多，请等一分钟。",
    # What the framework says.
    "The data value transmitted exceeds the capacity limit.": "发送的内容超过了大小上限。",
    "The requested URL was not found on the server. If you entered the URL manually please check "
    "your spelling and try again.": "没有这个地址，请检查拼写。",
    "The method is not allowed for the requested URL.": "这个地址不支持这种方法。",
    "The server cannot provide the requested range.": "文件没有所要的这段字节。",
    "The browser (or proxy) sent a request that this server could not understand.": (
        "服务器无法理解这个请求。"
    ),
    # Who may ask.
    "This server answers to localhost only, not to {host}. To reach it from elsewhere start it "
    "with a token.": "此服务器只回应 localhost，不回应 {host}。要从别处访问，请在启动时设置令牌。",
    "A page of another site may not do this; open Triptych's own page.": (
        "其他网站的页面不能这样做，请打开 Triptych 自己的页面。"
    ),
    "Send the server's token as 'Authorization: Bearer TOKEN', or sign in at /sign-in.": (
        "请以 'Authorization: Bearer TOKEN' 发送服务器的令牌，或在 /sign-in 登录。"
    ),
}
