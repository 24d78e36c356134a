"""What the libraries that decode, and the system, say most often of a file."""

from __future__ import annotations

BORROWED = {
    # The system.
    "Permission denied": "没有权限",
    "No such file or directory": "没有这个文件或文件夹",
    "Input/output error": "输入输出错误",
    "End of file": "文件到此中断",
    # FFmpeg.
    "Invalid data found when processing input": "数据无效",
    # Pillow.
    "Truncated File Read": "文件不完整",
    "image file is truncated": "图片不完整",
    "image file is truncated ({count} bytes not processed)": "图片不完整",
    "broken data stream when reading image file": "图片数据已损坏",
    "could not create decoder object": "图片数据已损坏",
    "Failed to decode frame {number}: Truncated data": "图片不完整",
    # PDFium, and Python's reader of archives.
    "Failed to load document (PDFium: {fault}).": "{fault}",
    "Data format error": "格式有误",
    "File is not a zip file": "不是 ZIP 文件",
}
