"""Of the library: what it holds and where, its index, its map, and runs over it."""

from __future__ import annotations

LIBRARY = {
    "Always true.": "总是 true。",
    "An approximate index: a search looks into `nprobe` of its lists.": (
        "近似索引：一次搜索查看其中 `nprobe` 个列表。"
    ),
    "Lists that the vectors are parted into.": "向量分成的列表数。",
    "How many of them a search looks into.": "一次搜索查看多少个列表。",
    "The share of the ten nearest that it found when it was measured.": (
        "测量时找到了最近十个中的多大比例。"
    ),
    "What GPUs hold of a kind: its vectors, or its lists; each all of it, or each a part.": (
        "GPU 为一类内容保存了什么：向量或列表；每个 GPU 保存全部或一部分。"
    ),
    "What a copy holds: vectors in either precision, or lists.": (
        "副本保存什么：某种精度的向量，或列表。"
    ),
    "How many GPUs hold it.": "有多少个 GPU 保存它。",
    "Whether each holds a part, not all.": "是否每个 GPU 只保存一部分。",
    "Bytes that the library itself takes on disk; the files it knows of are not among them.": (
        "资料库自身占用的磁盘字节数；不包括它所知道的文件。"
    ),
    "Of what is known about the files, and their vectors: the truth.": (
        "关于文件的信息及其向量：以此为准。"
    ),
    "Of the vectors again, as they are searched.": "再存一份的向量，供搜索使用。",
    "Of small pictures.": "缩略图。",
    "Of everything else in its directory, such as the map.": "其目录中的其他一切，例如地图。",
    "Bytes that are free there.": "那里剩余的字节数。",
    "The encoder a library is bound to.": "资料库所绑定的编码器。",
    "How a user names it.": "用户如何称呼它。",
    "Which weights.": "哪一版权重。",
    "Components of a vector.": "一个向量的分量数。",
    "A digest of weights and preprocessing; vectors of another never mix.": (
        "权重和预处理的摘要；与其他编码器的向量绝不混用。"
    ),
    "Every error, whatever its status.": "所有错误，不论状态码。",
    "Always false.": "总是 false。",
    "What went wrong and what to do about it, in one line.": "出了什么问题、该怎么办，一行说明。",
    "The same, one line for each fault; a line that begins with a field's name is about it.": (
        "同上，每处问题一行；以字段名开头的一行说的就是那个字段。"
    ),
    "The status of the reply.": "回复的状态码。",
    "A file that could not be read.": "一个无法读取的文件。",
    "The file.": "文件。",
    "Why, and what may help.": "原因，以及可能的办法。",
    "An indexed folder.": "一个已索引的文件夹。",
    "The folder.": "文件夹。",
    "How many items of it are kept.": "其中保存了多少条目。",
    "Whether it cannot be reached now; its items are found all the same.": (
        "现在是否无法访问；其中的条目仍可找到。"
    ),
    "The folders in order of their paths; of more than 500, those with the most items.": (
        "按路径排序的文件夹；超过 500 个时，取条目最多的。"
    ),
    "The folders that are indexed.": "已索引的文件夹。",
    "Bytes of the indexed files of each kind.": "每类已索引文件的字节数。",
    "Bytes of the library itself.": "资料库自身的字节数。",
    "When a run or a wish to forget last changed what the library knows.": (
        "上一次索引或忘记操作改变资料库内容的时间。"
    ),
    "What the vectors are kept in; kinds without an approximation are searched exactly.": (
        "向量保存在什么里面；没有近似索引的类型作精确搜索。"
    ),
    "`ivf` where some kind has an approximate index.": "只要有一类具有近似索引，就是 `ivf`。",
    "How many vectors there are.": "有多少个向量。",
    "What they take on disk.": "它们占用的磁盘空间。",
    "The approximate index of each kind that has one.": "具有近似索引的各类的索引。",
    "How many GPUs may be searched on.": "可以在多少个 GPU 上搜索。",
    "What GPUs hold of each kind.": "GPU 为每一类保存了什么。",
    "Why files or a GPU could not be used; else empty.": "为何文件或 GPU 无法使用；否则为空。",
    "The library's directory.": "资料库的目录。",
    "Those of them that cannot be reached now.": "其中现在无法访问的。",
    "How many files are indexed.": "已索引多少个文件。",
    "How many passages they have.": "它们有多少个段落。",
    "How many items there are of each kind.": "每类有多少个条目。",
    "Files that could not be indexed.": "无法索引的文件。",
    "The encoder that the library is bound to.": "资料库所绑定的编码器。",
    "What its vectors are kept in.": "它的向量保存在什么里面。",
    "What to index.": "要索引什么。",
    "A folder in one that was indexed before, by its whole path; empty for all of them.": (
        "位于以前索引过的文件夹之内的一个文件夹，写完整路径；为空则是全部。"
    ),
    "The number of the run.": "这次运行的编号。",
    "`running`, `done`, `stopped` or `failed`.": "`running`、`done`、`stopped` 或 `failed`。",
    "What is indexed.": "索引的内容。",
    "When it began.": "开始的时间。",
    "Files that are known to be new or changed so far.": "目前已知的新文件或有更改的文件数。",
    "Those of them that are over, whatever came of them.": "其中已处理完的，不论结果如何。",
    "What may take a while, or is worth a line; the last ones.": (
        "可能需要一段时间的，或值得一提的；最近的几条。"
    ),
    "Files whose content was encoded; known at the end, as what follows.": (
        "内容经过编码的文件数；结束时才知道，以下各项也一样。"
    ),
    "Files that were new or changed, with a content that was known.": (
        "新的或有更改、但内容已知的文件数。"
    ),
    "Files that were not opened.": "没有打开的文件数。",
    "Files that are gone.": "已经不在的文件数。",
    "Files that could not be read, and why.": "无法读取的文件及原因。",
    "Why the run failed.": "运行失败的原因。",
    "The newest first.": "最新的在前。",
    "False while the first map is being drawn: ask again after `Retry-After` seconds.": (
        "第一张地图正在绘制时为 false：请在 `Retry-After` 秒之后再问。"
    ),
    "False where the library has changed since: a newer map is being drawn.": (
        "资料库在那之后有更改时为 false：正在绘制新地图。"
    ),
    "How many different contents the library holds; beyond 100,000 not all are on the map.": (
        "资料库有多少不同的内容；超过 100,000 时，地图上并非全部。"
    ),
    "Where the items are: of files with the same content the first, and none without vectors.": (
        "各条目的位置：内容相同的文件取第一个，没有向量的不在其中。"
    ),
    "A month, and what is of it.": "一个月份，以及属于它的内容。",
    "The month: 2024-05.": "月份：2024-05。",
    "A folder that holds items, as the filter `in` takes it.": (
        "含有条目的文件夹，写法与筛选 `in` 相同。"
    ),
    "The folder, from the name of the indexed one on: Pictures/Holiday/2024.": (
        "文件夹，从已索引文件夹的名称写起：Pictures/Holiday/2024。"
    ),
    "How many items are in it and its sub-folders.": "其中及子文件夹中有多少条目。",
    "A folder that cannot be reached now, and how many items of it are kept.": (
        "现在无法访问的文件夹，以及其中保存了多少条目。"
    ),
    "How many items of it are kept, and still found.": "其中保存了多少条目，仍可找到。",
    "The items of a kind and their places; the lists run in parallel.": (
        "一类条目及其位置；各个列表一一对应。"
    ),
    "What they are.": "它们属于哪一类。",
    "The items' numbers.": "各条目的编号。",
    "From left to right, 0 to 1.": "从左到右，0 到 1。",
    "From top to bottom, 0 to 1.": "从上到下，0 到 1。",
    "How many files the library holds.": "资料库有多少个文件。",
    "How far a run is.": "一次运行的进度。",
    "The months: a picture's is when it was taken, else that of the file's last change.": (
        "各个月份：图片按拍摄时间，其他按文件最后修改的时间。"
    ),
}
