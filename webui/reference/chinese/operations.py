"""Of the page itself, of operations, and of the statuses that they answer with."""

from __future__ import annotations

OPERATIONS = {
    # The page.
    "The JSON API": "JSON API",
    "Version": "版本",
    "for programs": "供程序读取",
    "Models": "模型",
    "In the address and headers": "地址与请求头中的字段",
    "Body": "请求体",
    "One of": "其中之一：",
    "Fields of": "字段：",
    "Where the server demands a token, add `-H 'Authorization: Bearer TOKEN'` to each command.": (
        "如果服务器要求令牌，请在每条命令后加上 `-H 'Authorization: Bearer TOKEN'`。"
    ),
    "Search your own pictures, documents and recordings by meaning.": (
        "按含义搜索你自己的图片、文档和录音。"
    ),
    "Every reply in JSON has `ok`. Every error has the right status and one shape, `ErrorReply`; "
    "an address under `/api` that does not exist answers 404 in it, a method that an address does "
    "not have 405 with `Allow`. Messages are in Chinese for whoever prefers it: "
    "`Accept-Language: zh`.": (
        "每个 JSON 回复都有 `ok`。每个错误都有恰当的状态码和统一的格式 `ErrorReply`；"
        "`/api` 下不存在的地址以此格式回复 404，地址不支持的方法回复 405 并附 `Allow`。"
        "需要中文消息时请发送 `Accept-Language: zh`。"
    ),
    # Groups.
    "Search": "搜索",
    "Look for items by words, pictures, sound and items, in any mix.": (
        "用文字、图片、声音和已有条目的任意组合来查找条目。"
    ),
    "Items": "条目",
    "One item, its passages, why it matches, and what you say of it.": (
        "单个条目、它的段落、为何匹配，以及你为它写下的内容。"
    ),
    "Indexing": "索引",
    "Bring the library up to date: begin a run of the indexer, watch it, stop it.": (
        "更新资料库：开始一次索引、查看进度、停止。"
    ),
    "Files": "文件",
    "The bytes of items: small pictures, previews and the files themselves.": (
        "条目的内容：缩略图、预览和文件本身。"
    ),
    "Export": "导出",
    "The library as files that other programs read; each is of one instant.": (
        "把资料库导出为其他程序可读的文件；每个文件都是同一时刻的状态。"
    ),
    "Library": "资料库",
    "What the library holds, and whether it can answer.": "资料库包含什么，以及能否应答。",
    # Operations.
    "Answer a query given as address, JSON or form.": "回答以地址、JSON 或表单给出的查询。",
    "Answer several searches together; where one cannot be answered, none is.": (
        "一并回答多个搜索；其中一个无法回答时，全部不回答。"
    ),
    "Answer with the items most like one of the library.": "给出资料库中与某个条目最相似的条目。",
    "Describe an item and the stretch of its passages asked for, a query's words marked.": (
        "描述一个条目和所要求的那部分段落，并标出查询中的词。"
    ),
    "Make an item a favourite, or no more, and give it a caption, which is searched as well.": (
        "收藏或取消收藏一个条目，并为它写说明；说明也会被搜索。"
    ),
    "Both belong to the file's bytes: they outlive a new name, a copy and another run of the "
    "indexer.": "两者都属于文件的内容：改名、复制或再次索引之后依然保留。",
    "Forget all that is known of an item; the file stays, and its next indexing finds it again.": (
        "忘记关于一个条目的一切；文件仍在，下次索引会重新找到它。"
    ),
    "Say what in the passage named of an item, or else in its best, matches a query.": (
        "说明条目的指定段落（没有则取最佳段落）中哪些部分与查询匹配。"
    ),
    "Find a passage of a PDF on its page, and the words of a query in it.": (
        "找出 PDF 的段落在页面上的位置，以及其中查询的词。"
    ),
    "Say where in an item a query is met about as well as where it is met best.": (
        "说明条目中有哪些地方与最佳之处差不多同样符合查询。"
    ),
    "List groups of files that are the same or nearly so.": "列出相同或几乎相同的文件组。",
    "Say what the library holds, what it could not read, and how it searches.": (
        "说明资料库包含什么、哪些无法读取，以及如何搜索。"
    ),
    "Say what each indexed folder holds, and what the library takes on disk.": (
        "说明每个已索引文件夹包含什么，以及资料库占用的磁盘空间。"
    ),
    "Count the items in each folder, for a person to choose one to search in.": (
        "统计每个文件夹中的条目，供人选择在哪里搜索。"
    ),
    "Count the items that pass filters by month.": "按月统计符合筛选条件的条目。",
    "A picture belongs to the month in which it was taken; what has no such date, to that in which "
    "its file was last modified.": "图片归入拍摄的月份；没有拍摄日期的，归入文件最后修改的月份。",
    "Give the items' places on a map on which those that are alike are near each other.": (
        "给出各条目在地图上的位置；相似的条目彼此靠近。"
    ),
    "It is drawn when it is first asked for, and again when the library has changed: the first "
    "time the reply is 202 and says after how many seconds to ask again.": (
        "地图在第一次请求时绘制，资料库更改后重绘：首次回复为 202，并说明多少秒后再来询问。"
    ),
    "Send all files as a table; a text that a spreadsheet would carry out has `'` before it.": (
        "以表格发送全部文件；电子表格会当作公式执行的文字前加 `'`。"
    ),
    "Send all files, a line of JSON each.": "发送全部文件，每个一行 JSON。",
    "Send all passages, a line of JSON each, with the first item that holds it.": (
        "发送全部段落，每个一行 JSON，并附包含它的第一个条目。"
    ),
    "Send all vectors as a NumPy array of float32: row i is of line i of the passages.": (
        "以 float32 的 NumPy 数组发送全部向量：第 i 行对应段落文件的第 i 行。"
    ),
    "Begin to index; 202, since it goes on after the reply.": (
        "开始索引；状态为 202，因为回复之后仍在继续。"
    ),
    "List the last runs.": "列出最近的几次索引。",
    "Say how far a run is.": "说明一次索引的进度。",
    "Ask a run to end after the file it is at; what it has kept stays.": (
        "要求一次索引在当前文件之后结束；已收录的保留。"
    ),
    "Tell by server-sent events how far a run is, each as its address says it, until it ends.": (
        "以服务器推送事件报告一次索引的进度，直到结束；每个事件与其地址的回复相同。"
    ),
    "Send an item's small picture, or that of a passage of it.": "发送条目或其段落的缩略图。",
    "Where a passage cannot be decoded now, as its disk is not there, the item's picture is "
    "sent.": ("如果段落此刻无法解码（例如磁盘未连接），则发送条目的图片。"),
    "Send a picture, or a passage's picture or page, as a browser can show it.": (
        "以浏览器能显示的形式发送图片，或段落的画面或页面。"
    ),
    "Send an item's file, or the byte ranges of it that were asked for.": (
        "发送条目的文件，或所要求的字节范围。"
    ),
    "Say that the process answers.": "说明进程有应答。",
    "Say that the library can be read; an error says why not.": (
        "说明资料库可以读取；不能时，错误会说明原因。"
    ),
    # Examples.
    "A line of the search box": "搜索框中的一行",
    "A mix of terms": "多个条件的组合",
    "Documents with a phrase": "含有某个短语的文档",
    "A picture to look for": "用一张图片查找",
    "Two searches": "两个搜索",
    "A favourite with a caption": "收藏并写说明",
    "No caption any more": "删除说明",
    "All that was indexed before": "以前索引过的全部文件夹",
    # Replies.
    "The query cannot be used; each line of `errors` names a field.": (
        "查询无法使用；`errors` 的每一行指出一个字段。"
    ),
    "The server demands a token, and it is missing or wrong.": (
        "服务器要求令牌，而令牌缺失或不正确。"
    ),
    "The request was addressed to another host.": "请求发往了另一台主机。",
    "There is no such item or address.": "没有这个条目或地址。",
    "Another version of the encoder made the library, or it is being written to.": (
        "资料库由另一版本的编码器建立，或正在写入。"
    ),
    "The upload is too large.": "上传的内容太大。",
    "The body or an upload is of a type that cannot be used.": "请求体或上传内容的类型无法使用。",
    "An upload, or the item's file, cannot be decoded.": "上传内容或条目的文件无法解码。",
    "Too many requests without the token.": "没有令牌的请求太多。",
    "The library cannot be read just now, or a model is missing.": (
        "资料库此刻无法读取，或缺少模型。"
    ),
    "The file has no such range of bytes.": "文件没有这个字节范围。",
    "The bytes.": "内容的字节。",
    "The bytes asked for.": "所要求的字节。",
    "What is at hand has not changed.": "已有的内容没有变化。",
    "What happens.": "发生的事件。",
    "A sign of life.": "有应答。",
    "The reply to a search.": "一个搜索的回复。",
    "The replies to several searches.": "多个搜索的回复。",
    "A stretch of a library's groups.": "资料库文件组的一部分。",
    "Why a passage of an item matches a query.": "条目的段落为何与查询匹配。",
    "The folders that items are in.": "条目所在的文件夹。",
    "How much was forgotten.": "忘记了多少。",
    "The folders of a library, and what it takes on disk.": (
        "资料库的文件夹，以及它占用的磁盘空间。"
    ),
    "What a library holds, and how.": "资料库包含什么，以及如何存放。",
    "An item and a stretch of its passages.": "一个条目和它的部分段落。",
    "A run of the indexer.": "一次索引。",
    "The last runs of the indexer.": "最近的几次索引。",
    "The map of the library; or that it is being drawn, with status 202, and no places.": (
        "资料库的地图；正在绘制时状态为 202，且没有位置。"
    ),
    "Where a passage stands on its page; nowhere, where it was read from a picture.": (
        "段落在页面上的位置；从图片中读出的没有位置。"
    ),
    "Where in an item a query is met.": "条目中符合查询的地方。",
    "What can be searched.": "可以搜索的内容。",
    "What the user says of an item now.": "用户目前为条目写下的内容。",
    "How many items there are of each month that has any, the earliest first.": (
        "每个有内容的月份各有多少条目，最早的在前。"
    ),
}
