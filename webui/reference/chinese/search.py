"""Of searches: what is asked, and the hits that answer."""

from __future__ import annotations

SEARCH = {
    "Milliseconds from the query to the answer.": "从查询到答案的毫秒数。",
    "What they were spent on, by stage.": "时间花在哪里，按阶段。",
    "How many different contents pass the filters, also those folded into others.": (
        "通过筛选的不同内容有多少，包括归入其他结果的。"
    ),
    "How many of each kind pass all filters but those on the kind; none of a kind is left out.": (
        "通过类型以外全部筛选的，每类各有多少；每类都会列出。"
    ),
    "False where the query has no terms, so that hits are only listed.": (
        "查询没有要找的内容、结果只是列出时为 false。"
    ),
    "False where even the best hit is no better than chance would give.": (
        "连最好的结果也不比偶然更好时为 false。"
    ),
    "The score from which a hit is more likely real than not.": "从这个分数起，结果更可能是真的。",
    "What was understood of each recording in the query.": "从查询中的每段录音听到的内容。",
    "Where each line of `q` says filters: start and end of each in Unicode code points.": (
        "`q` 的每一行中筛选条件的位置：各自的起止，以 Unicode 码点计。"
    ),
    "The hits: best first, or newest first where they are only listed.": (
        "结果：最好的在前；只是列出时，最新的在前。"
    ),
    "A recording, to look for what is said in it.": "一段录音，用来查找其中所说的内容。",
    'How much the term counts; a negative one means "less like this".': (
        "这一项的权重；负数表示“减少类似内容”。"
    ),
    "The file of the recording.": "录音文件。",
    "Several searches that are answered together.": "一起回答的几次搜索。",
    "Searches, 64 at most, each as `POST /api/v1/search` takes it.": (
        "搜索，最多 64 次，每次与 `POST /api/v1/search` 的格式相同。"
    ),
    "A reply for each search, in their order.": "每次搜索一个回复，顺序相同。",
    "The bytes of a picture or recording.": "图片或录音的字节。",
    "The file's bytes in base64; what a `data:` address holds before them does no harm.": (
        "文件字节的 base64；前面带有 `data:` 地址的开头也无妨。"
    ),
    "Which items may answer; all bounds are inclusive.": (
        "哪些条目可以作为答案；所有界限都包含在内。"
    ),
    "Kinds of items; none given means all.": "条目的类型；不给出则为全部。",
    "A folder, absolute or relative to an indexed one; its sub-folders count.": (
        "文件夹，绝对路径，或相对于已索引的文件夹；包括子文件夹。"
    ),
    "The earliest date (ISO 8601): when a picture was taken, else when the file was modified. "
    "A moment without a zone is local.": (
        "最早的日期（ISO 8601）：图片为拍摄时间，否则为文件修改时间。没有时区的时刻按本地时间。"
    ),
    "The latest date; a day without a time means its first moment.": (
        "最晚的日期；只有日期没有时间时，指当天的最初一刻。"
    ),
    "The fewest bytes of the file.": "文件的最少字节数。",
    "The most bytes of the file.": "文件的最多字节数。",
    "The fewest seconds of a recording or video; what has no length does not pass.": (
        "录音或视频的最短秒数；没有时长的不通过。"
    ),
    "The most seconds of a recording or video; what has no length does not pass.": (
        "录音或视频的最长秒数；没有时长的不通过。"
    ),
    "`true` for favourites only.": "`true` 表示只要收藏。",
    "An item of an answer, with its best passage.": "答案中的一个条目，及其最佳段落。",
    "The number of the passage that answers; null of a recording in which nobody speaks.": (
        "所匹配的段落的编号；无人说话的录音为 null。"
    ),
    "How likely the hit is real, 0…1, comparable between kinds; null where only listed.": (
        "结果是真的可能性，0…1，不同类型之间可比；只是列出时为 null。"
    ),
    "The raw cosine of query and passage; null where hits are only listed.": (
        "查询与段落的原始余弦；结果只是列出时为 null。"
    ),
    "The passage's words, 800 characters at most.": "段落的文字，最多 800 个字符。",
    "Where the snippet holds words of the query: start and end in Unicode code points.": (
        "摘录中查询词的位置：起止以 Unicode 码点计。"
    ),
    "The passage's page in a document, from 1.": "段落在文档中的页码，从 1 开始。",
    "Seconds into the recording or film where the passage begins.": (
        "段落在录音或视频中开始的秒数。"
    ),
    "Seconds where it ends.": "结束的秒数。",
    "How many passages of the item answer as well as its best, or hardly worse.": (
        "条目中与最佳段落一样好或相差无几的段落数。"
    ),
    "Of a picture, 4 rows of 4 colours (red, green, blue) as base64, to stand for it until "
    "its thumbnail has come; else empty.": (
        "图片的 4 行 4 列颜色（红、绿、蓝）的 base64，在缩略图到来之前代替它；否则为空。"
    ),
    "Near-duplicates that are folded into the hit, in order of rank.": (
        "归入这个结果的近似重复内容，按名次排列。"
    ),
    "A picture to look for others like.": "一张图片，用来查找类似的图片。",
    "The file of the picture.": "图片文件。",
    "An item of the library to look for others like.": "资料库的一个条目，用来查找类似的条目。",
    "Words that a hit's text must hold or must not hold.": "结果的文字必须含有或不得含有的词。",
    "The words, one after the other, in whatever case.": "一个接一个的词，不分大小写。",
    "`false` where a hit's text must not hold them.": "`false` 表示结果的文字不得含有它们。",
    "A search: things to look for, phrases and filters.": "一次搜索：要找的内容、词组和筛选条件。",
    "How many to answer with.": "给出多少个结果。",
    "How many of the best to leave out: the pages before this one.": (
        "略过最好的多少个：这一页之前的各页。"
    ),
    "`true` to look at every passage, however large the library.": (
        "`true` 表示查看每一个段落，不论资料库多大。"
    ),
    "`false` for near-duplicates as hits of their own, not behind the best of them.": (
        "`false` 表示近似重复的内容各自作为结果，而不归入其中最好的。"
    ),
    "A line of the search box in its language, or several, each read by itself.": (
        "搜索框的一行，按其语法读取；或多行，各自读取。"
    ),
    "Things to look for; those of `q` among them there are 16 at most.": (
        "要找的内容；连同 `q` 中的，最多 16 项。"
    ),
    "Phrases that only restrict which items may answer.": "只限制哪些条目可作为答案的词组。",
    "Which items may answer; what `q` says of it applies as well, the narrower bound winning.": (
        "哪些条目可作为答案；`q` 中所写的同样有效，以较窄的界限为准。"
    ),
    "Words whose meaning to look for, as they stand.": "要按含义查找的文字，照原样。",
    "Words in any language.": "任何语言的文字。",
    "A vector of the library's own encoder, to look for what is near to it.": (
        "资料库自己的编码器给出的向量，用来查找与它相近的内容。"
    ),
    "As many components as the encoder gives, see `/api/v1/stats`; its length does not matter.": (
        "分量数与编码器给出的相同，见 `/api/v1/stats`；长度无关紧要。"
    ),
    "A line of the search box in its language; may be repeated, each line read by itself.": (
        "搜索框的一行，按其语法读取；可重复，各行分别读取。"
    ),
    "The number of an item to look for others like; may be repeated.": (
        "要查找类似内容的条目的编号；可重复。"
    ),
    "Kinds of items; may be repeated.": "条目的类型；可重复。",
    "A line of the search box, whose filters count as well; may be repeated.": (
        "搜索框的一行，其中的筛选条件同样有效；可重复。"
    ),
}
