"""What is amiss with the library, its models or a run over it, and what a run notes."""

from __future__ import annotations

LIBRARY = {
    "Something went wrong in the server; its log says what.": "服务器出了问题，详情见其日志。",
    # Runs.
    "This server does not index: run `triptych index`.": (
        "此服务器不做索引，请运行 `triptych index`。"
    ),
    "Run {number} is not over; watch it, or stop it first.": (
        "索引任务 {number} 尚未结束；请等它完成，或先停止它。"
    ),
    "it lies in no folder that was indexed before. Name one that does, or run `triptych index` "
    "with it once.": (
        "它不在任何已索引的文件夹中。请指定已索引的文件夹，或先对它运行一次 `triptych index`。"
    ),
    "Listening to {file}": "正在聆听 {file}",
    "{folder} is called {name} now.": "{folder} 现在名为 {name}。",
    "Drawing up an index over {count} passages": "正在为 {count} 个段落建立索引",
    "Adding {count} passages to the index": "正在把 {count} 个段落加入索引",
    "The run has ended.": "索引任务已结束。",
    # Who else uses it.
    "The catalog is being written to; try again in a while.": "正在写入目录，请稍后再试。",
    "{who} is writing to {folder}. Wait until it is done, or stop it.": (
        "{who}正在写入 {folder}。请等它完成，或停止它。"
    ),
    "{who} is writing to {folder}. Waiting for it.": "{who}正在写入 {folder}。正在等待它。",
    "Another process ({number}, since {moment})": "另一个进程（{number}，始于 {moment}）",
    "Another process": "另一个进程",
    "What was forgotten is not found any more, but its words are still in the catalog's file, "
    "since another process reads it all the time. {later}": (
        "已忘记的内容不会再被找到，但它的文字还留在目录文件中，因为另一个进程一直在读取它。{later}"
    ),
    "What was forgotten is not found any more, but its words are still in the catalog's file, "
    "which could not be written anew ({reason}). {later}": (
        "已忘记的内容不会再被找到，但它的文字还留在目录文件中，因为该文件无法重写（{reason}）。"
        "{later}"
    ),
    "It goes when something else is forgotten.": "下次忘记别的内容时会一并清除。",
    "There is no room left on the disk of {place}. Delete or move something there{otherwise}; what "
    "was done is kept, and another run goes on from there.": (
        "{place} 所在的磁盘已满。请删除或移走一些文件{otherwise}；"
        "已完成的部分会保留，下次从那里继续。"
    ),
    ", or set TMPDIR to a folder on another disk": "，或将 TMPDIR 设为另一个磁盘上的文件夹",
    # Its files.
    "There is no library in {folder}. Make one with: {command}": (
        "{folder} 中没有资料库。请用此命令建立：{command}"
    ),
    "{folder} cannot be a library ({reason}). Name another with --library.": (
        "{folder} 不能作为资料库（{reason}）。请用 --library 指定另一个。"
    ),
    "{file} is not a Triptych catalog ({reason}). Restore it from a backup, or name another "
    "library with --library.": (
        "{file} 不是 Triptych 的目录（{reason}）。请从备份恢复，或用 --library 指定另一个资料库。"
    ),
    "{file} was made by a newer Triptych (catalog revision {revision}). Upgrade Triptych, or name "
    "another library with --library.": (
        "{file} 由更新版本的 Triptych 建立（目录版本 {revision}）。请升级 Triptych，"
        "或用 --library 指定另一个资料库。"
    ),
    "{folder} was made with the encoder {made} (revision {one}), which does not compare with "
    "{encoder} (revision {other}). Index into another library with --library, or use the encoder "
    "it was made with.": (
        "{folder} 由编码器 {made}（版本 {one}）建立，无法与 {encoder}（版本 {other}）相比较。"
        "请用 --library 索引到另一个资料库，或使用当初的编码器。"
    ),
    "{thumbnail} cannot be deleted ({reason}), so nothing was forgotten.": (
        "无法删除 {thumbnail}（{reason}），因此没有忘记任何内容。"
    ),
    "{file} cannot be written ({reason}).": "无法写入 {file}（{reason}）。",
    "The vectors in {folder} cannot be used ({reason}). They are made anew from the catalog; the "
    "old files are kept as {aside}.": (
        "{folder} 中的向量无法使用（{reason}）。正在从目录重新生成；旧文件保留为 {aside}。"
    ),
    "An index cannot be used ({reason}). It is drawn up anew.": (
        "有一个索引无法使用（{reason}），正在重新建立。"
    ),
    "The GPU does not search passages of kind {name} ({gist}); the processor does. "
    "TRIPTYCH_GPU=off leaves the GPU alone.": (
        "GPU 不搜索 {name} 类的段落（{gist}），由处理器搜索。设置 TRIPTYCH_GPU=off 可不用 GPU。"
    ),
    "The map could not be drawn ({reason}). Try again.": "无法绘制地图（{reason}），请再试一次。",
    # Its models.
    "There is no speech model {name}; set {setting} to a folder or one of: {models}.": (
        "没有语音模型 {name}；请将 {setting} 设为一个文件夹，或其中之一：{models}。"
    ),
    "{folder} is no speech model, {files} is missing; name a folder in faster-whisper's "
    "(CTranslate2) format in {setting}.": (
        "{folder} 不是语音模型，缺少 {files}；请在 {setting} 中指定 faster-whisper（CTranslate2）"
        "格式的文件夹。"
    ),
    "The speech model {name} is not on this machine and cannot be fetched ({reason}); fetch it "
    "once with a network, or set {setting} to a folder with its files, or to 'base', which is "
    "bundled.": (
        "本机没有语音模型 {name}，也无法下载（{reason}）；请在有网络时下载一次，"
        "或将 {setting} 设为存放其文件的文件夹，或设为自带的 'base'。"
    ),
    "The speech model in {folder} cannot be loaded ({reason}); remove the folder to have it made "
    "again, or choose another {setting}.": (
        "无法加载 {folder} 中的语音模型（{reason}）；请删除该文件夹以重新生成，或另选 {setting}。"
    ),
    "The speech model cannot be unpacked into {folder} ({reason}); free some space or set "
    "{setting} to another folder.": (
        "无法将语音模型解压到 {folder}（{reason}）；请腾出一些空间，或将 {setting} 设为别的文件夹。"
    ),
    "The bundled speech model cannot be used, {fault}; install it again: {command}": (
        "自带的语音模型无法使用，{fault}；请重新安装：{command}"
    ),
    "{encoder} cannot be loaded from {file} ({gist}). The file may be torn, or of another "
    "architecture: copy it again.": (
        "无法从 {file} 加载 {encoder}（{gist}）。文件可能不完整，或属于另一种架构；请重新复制。"
    ),
    "{part} is damaged": "{part} 已损坏",
    "{part} is missing": "缺少 {part}",
}
