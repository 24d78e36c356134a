"""Of items: what is known of them, their passages, and what one says of them."""

from __future__ import annotations

ITEMS = {
    "How many groups there are.": "一共有多少组。",
    "Bytes of all files in them but the best of each.": (
        "各组中除最好的一个以外，全部文件的字节数。"
    ),
    "Groups of this stretch, those with most to spare first.": "这一部分的各组，可节省最多的在前。",
    "The item's number.": "条目的编号。",
    "The number of the passage that is explained.": "所解释的段落的编号。",
    "What the item is to a person.": "条目属于哪一类。",
    "Of a picture; else null.": "图片才有，否则为 null。",
    "The sentences of the passage, in order.": "段落的各个句子，按顺序。",
    "The words of its best sentence, in order.": "其中最好的句子的各个词，按顺序。",
    "The file, and sidecars of it that were items.": "文件，以及作为条目的附属文件。",
    "Their bytes, which are still on the disk.": "它们的字节数；文件仍在磁盘上。",
    "What of them can still be read in the library's own files; empty where it is nothing.": (
        "资料库自己的文件中还能读到它们的什么；没有则为空。"
    ),
    "Files that are the same or nearly so, the best first.": "相同或几乎相同的文件，最好的在前。",
    "What the files are to a person.": "这些文件属于哪一类。",
    "Bytes of all files in the group but the best.": "组中除最好的一个以外，全部文件的字节数。",
    "The files, the best first.": "各个文件，最好的在前。",
    "What the file is to a person.": "文件属于哪一类。",
    "Where the file lies on the server's machine.": "文件在服务器所在机器上的位置。",
    "What the file itself is called inside; empty where it says nothing.": (
        "文件内部写明的标题；没有则为空。"
    ),
    "Its media type.": "媒体类型。",
    "Bytes of the file.": "文件的字节数。",
    "When the file was last modified.": "文件最后修改的时间。",
    "When a picture or film was taken, in the time of the place.": (
        "图片或视频的拍摄时间，按当地时间。"
    ),
    "Pixels; of a film, those of its pictures.": "像素；视频则为其画面的像素。",
    "Pixels.": "像素。",
    "Seconds.": "秒数。",
    "Its make and model; empty where unknown.": "厂商和型号；未知则为空。",
    "Degrees north of where it was taken.": "拍摄地的北纬度数。",
    "Degrees east.": "东经度数。",
    "What is spoken, as ISO 639-1; empty where unknown.": "所说的语言，按 ISO 639-1；未知则为空。",
    "Whether the user marked it, or a file of the same bytes, as a favourite.": (
        "用户是否把它或字节相同的文件标记为收藏。"
    ),
    "What the user says of it, or of a file of the same bytes; empty where nothing.": (
        "用户为它或字节相同的文件写的说明；没有则为空。"
    ),
    "The address of a small picture of it.": "缩略图的地址。",
    "The address of the file itself.": "文件本身的地址。",
    "A file of the library.": "资料库的一个文件。",
    "The file's name without its folder.": "不带文件夹的文件名。",
    "The address where a browser can show a picture as a whole, or the first page of a PDF, "
    "any other with its `passage`; null for other files.": (
        "浏览器可以显示整张图片的地址，或 PDF 的第一页（加上 `passage` 可取其他页）"
        "；其他文件为 null。"
    ),
    "The passages asked for, in their order within the item.": (
        "所要求的段落，按它们在条目中的顺序。"
    ),
    "How many passages come before them.": "在它们之前有多少个段落。",
    "How many passages the item has.": "条目有多少个段落。",
    "What a file, and each passage of it, is to a person.": "文件及其每个段落属于哪一类。",
    "What a file is in its group.": "文件在其组中是什么。",
    "A file of a group.": "组中的一个文件。",
    "Whether it is the best of its group, the very bytes of one before it, or nearly the same.": (
        "它是组中最好的、与前面某个字节完全相同的，还是几乎相同的。"
    ),
    "A passage of an item, and where it holds the words of a query.": (
        "条目的一个段落，以及其中查询词的位置。"
    ),
    "The passage's number.": "段落的编号。",
    "What its vector was made from.": "它的向量由什么生成。",
    "Its words; empty for a picture.": "段落的文字；图片则为空。",
    "Where the text holds words of `q`: start and end in Unicode code points.": (
        "文字中 `q` 的词的位置：起止以 Unicode 码点计。"
    ),
    "The document's page, from 1.": "文档的页码，从 1 开始。",
    "Where its text starts on the page, or in the whole text where there are no pages.": (
        "它的文字在页面上从哪里开始；没有页面时，在全文中从哪里开始。"
    ),
    "Where it ends.": "在哪里结束。",
    "Seconds into the recording or film where it begins.": "在录音或视频中开始的秒数。",
    "Whether it is of the user's caption, and not of the file or its sidecars.": (
        "它是否属于用户写的说明，而不属于文件或附属文件。"
    ),
    "Its lines: left, top, right and bottom of each, as shares of the page.": (
        "它的各行：每行的左、上、右、下，以占页面的比例计。"
    ),
    "Words of `q` in it, in the same way.": "其中 `q` 的词，写法相同。",
    "How many passages answer as well as the item's best, or hardly worse.": (
        "与条目的最佳段落一样好或相差无几的段落数。"
    ),
    "Those asked for, best first, in their order within the item; they have no scores.": (
        "所要求的段落，取最好的，按它们在条目中的顺序；没有分数。"
    ),
    "What matters in a picture, as numbers and as a picture to lay over it.": (
        "图片中重要的部分，以数字表示，并附可叠加其上的图。"
    ),
    "Rows of the grid.": "网格的行数。",
    "Columns of the grid.": "网格的列数。",
    "A list for each row, top to bottom: 1 where it matches most, 0 where it does not.": (
        "每行一个列表，从上到下：1 为最匹配处，0 为不匹配处。"
    ),
    "How much the cosine falls when the region that has 1 is covered; 0 where none stands out.": (
        "遮住值为 1 的区域时余弦下降多少；没有突出之处则为 0。"
    ),
    "A PNG as a `data:` address; null where no region stands out.": (
        "以 `data:` 地址表示的 PNG；没有突出的区域则为 null。"
    ),
    "What the user says of an item; what is not given stays as it is.": (
        "用户对条目的标注；没有给出的保持不变。"
    ),
    "Whether it, and every file of the same bytes, is a favourite.": (
        "它以及所有字节相同的文件是否收藏。"
    ),
    "Words about it, and about every file of the same bytes; empty words remove them.": (
        "关于它以及所有字节相同的文件的说明；空的文字表示删除。"
    ),
    "Whether it is a favourite.": "是否收藏。",
    "Words about it.": "关于它的说明。",
    "A stretch of a passage's text, in characters, and how much it matches.": (
        "段落文字的一部分，以字符计，以及匹配程度。"
    ),
    "The first character, in Unicode code points.": "第一个字符，以 Unicode 码点计。",
    "The character after the last.": "最后一个字符之后的那个字符。",
    "How much it matches, 0…1.": "匹配程度，0…1。",
    "The number of the item.": "条目的编号。",
    "Lines of the search box, whose words and phrases are marked; may be repeated.": (
        "搜索框的各行，其中的词和词组会被标出；可重复。"
    ),
    "How many passages to answer with.": "给出多少个段落。",
    "How many passages to leave out before them.": "在它们之前略过多少个段落。",
    "The number of a passage to have in the middle, whatever the offset.": (
        "要放在中间的段落的编号，不论从哪里开始。"
    ),
    "The number of the passage.": "段落的编号。",
    "Lines of the search box, whose words and phrases are found; may be repeated.": (
        "搜索框的各行，会找出其中的词和词组；可重复。"
    ),
    "The number of a passage, for what is to be seen there: a moment of a film, a page.": (
        "一个段落的编号，用来取那里可见的内容：视频的一刻，文档的一页。"
    ),
    "What the content is known by, as addresses in replies have it: then it is kept for long.": (
        "内容的标识，与回复中的地址所带的相同：带上它即可长期缓存。"
    ),
    "Entity tags of what is at hand.": "手头已有内容的实体标签。",
    "Which bytes to send: `bytes=0-99`.": "发送哪些字节：`bytes=0-99`。",
}
