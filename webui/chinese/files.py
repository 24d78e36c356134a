"""Why a file could not be read, and what may help."""

from __future__ import annotations

FILES = {
    "the upload: {reason}": "上传的文件：{reason}",
    # Reaching it.
    "is no file but a pipe, a device or a folder": "不是文件，而是管道、设备或文件夹",
    "cannot be read: {reason}": "无法读取：{reason}",
    "there is no such file or folder; check the path": "没有这个文件或文件夹，请检查路径",
    "vanished while it was read": "读取过程中文件消失了",
    "changed while it was read; index it again": "读取过程中文件被改动，请重新索引",
    "grew while it was read; index it again": "读取过程中文件变大了，请重新索引",
    # What it is.
    "is empty": "文件是空的",
    "is named {suffix} but holds {mime}, which is not read": (
        "扩展名为 {suffix}，里面却是 {mime}，不支持读取"
    ),
    "something else": "别的内容",
    "not a picture that can be read; use {formats} or HEIF": (
        "不是可读取的图片，请使用 {formats} 或 HEIF"
    ),
    "raw files of cameras need one more package; run: {command}": (
        "读取相机的原始文件还需要一个软件包，请运行：{command}"
    ),
    "is of a format older than its name; open it and save it anew to index it": (
        "格式比扩展名所示的更旧；请打开并另存后再索引"
    ),
    "is encrypted; save a copy without a password to index it": (
        "文件已加密；请另存一份不带密码的副本再索引"
    ),
    "is protected against copying and cannot be read": "文件有复制保护，无法读取",
    # Damage.
    "cannot be decoded ({reason}); if it is damaged or cut short, get a whole copy of it": (
        "无法解码（{reason}）；如果文件损坏或不完整，请重新获取完整的副本"
    ),
    "is a damaged PDF ({reason})": "PDF 文件已损坏（{reason}）",
    "is a damaged archive ({reason}); get a whole copy of it": (
        "压缩包已损坏（{reason}）；请重新获取完整的副本"
    ),
    "is a damaged {format} file; get a whole copy of it": (
        "{format} 文件已损坏；请重新获取完整的副本"
    ),
    "is damaged; it lacks {name}": "文件已损坏：缺少 {name}",
    "is damaged; it has no chapters": "文件已损坏：没有章节",
    "is damaged; it does not say where its text is": "文件已损坏：没有说明正文在哪里",
    "is damaged; {name} is no XML": "文件已损坏：{name} 不是 XML",
    "{name} is packed as no document is": "{name} 采用了文档不会使用的压缩方式",
    "it breaks off": "内容中断",
    "is no XML that can be read": "不是可读取的 XML",
    "is nested too deep": "嵌套过深",
    "holds bytes that are no text": "含有非文本字节",
    "{rate} samples a second is no rate of sound": "每秒 {rate} 个采样，不是有效的采样率",
    "its vector is not finite": "得到的向量不是有限值",
    # Nothing in it.
    "no picture of the film could be decoded": "视频中没有可解码的画面",
    "there is nothing to be seen in it": "里面没有可看的画面",
    "nothing in it can be seen or heard; get a whole copy of it": (
        "里面没有可看或可听的内容；请重新获取完整的副本"
    ),
    "no sound could be decoded": "没有可解码的声音",
    "holds no sound": "里面没有声音",
    "page {number} shows nothing": "第 {number} 页没有内容",
    # Too much in it.
    "{width}×{height} pixels are more than the {bound} that are decoded; raise {setting} to allow "
    "it": "{width}×{height} 像素超过可解码的上限 {bound}；如需允许，请调高 {setting}",
    "has more pixels than the {bound} that are decoded; raise {setting} to allow it": (
        "像素超过可解码的上限 {bound}；如需允许，请调高 {setting}"
    ),
    "takes more memory than there is to decode it; raise {setting} to allow more": (
        "解码所需的内存超过了可用的内存；如需更多，请调高 {setting}"
    ),
    "{count} bytes are more than the {bound} that are read; raise {setting} to allow it": (
        "{count} 字节超过可读取的上限 {bound}；如需允许，请调高 {setting}"
    ),
    "{count} pages are more than the {bound} that are read; raise {setting} to allow it": (
        "{count} 页超过可读取的上限 {bound}；如需允许，请调高 {setting}"
    ),
    "longer than the {bound} characters that are read; raise {setting} to allow it": (
        "超过可读取的上限 {bound} 个字符；如需允许，请调高 {setting}"
    ),
    "longer than the {bound} seconds that are decoded": "超过可解码的上限 {bound} 秒",
    "takes more than {seconds} seconds to read; {number} of {count} pages were": (
        "读取超过 {seconds} 秒；{count} 页中读了 {number} 页"
    ),
    "{name} unpacks to more than is read": "{name} 解压后超过可读取的大小",
    "holds {count} entries, more than are read": "含有 {count} 个条目，超过可读取的数量",
    "would unpack to {count} bytes, as only a trap does": (
        "会解压到 {count} 字节；正常文件不会如此，可能是压缩炸弹"
    ),
    "its list of entries is too long": "条目列表过长",
    # Those who decode.
    "takes longer than {seconds} seconds to decode; raise {setting} and touch the file to try "
    "again": "解码超过 {seconds} 秒；请调高 {setting}，更新文件的修改时间后再试",
    "takes longer than {seconds} seconds to decode": "解码超过 {seconds} 秒",
    "its decoder was ended by the system, perhaps for want of memory; try again": (
        "解码进程被系统终止，可能是内存不足；请再试一次"
    ),
    "its decoder gave up ({signal}): the file is damaged or hostile, or needs more memory than "
    "{setting}; touch it to try again": (
        "解码进程放弃了（{signal}）：文件已损坏或是恶意文件，或需要的内存超过 {setting}；"
        "请更新文件的修改时间后再试"
    ),
    "its decoder gave up (status {status})": "解码进程放弃了（状态 {status}）",
    "its decoder crashed ({signal}); the file is damaged or hostile": (
        "解码进程崩溃（{signal}）；文件已损坏或是恶意文件"
    ),
    "the processes that decode have ended; try again": "解码进程已结束，请再试一次",
    "The lettering in pictures cannot be read ({reason}); install it again: {command}, or set "
    "TRIPTYCH_LETTERING=off": (
        "无法读取图片中的文字（{reason}）；请重新安装：{command}，或设置 TRIPTYCH_LETTERING=off"
    ),
}
