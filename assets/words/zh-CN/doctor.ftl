### `visavis doctor`: what works here, what is missing, how to mend it.

doctor-title = Visavis 自检
doctor-state-ok = 正常
doctor-state-limited = 可用
doctor-state-missing = 缺失
doctor-mend = 解决办法：{ $how }
doctor-all-well = 一切正常，可以开始使用
doctor-something-missing = { $count } 项需要处理，办法见上

doctor-gpu = 显卡
doctor-gpu-ok = { $name }（{ $backend }）
doctor-gpu-software = 没有可用的显卡，用软件渲染：{ $name }，画面会慢一些
doctor-gpu-missing = 没有找到任何可以绘图的设备
doctor-gpu-mend = 安装显卡驱动；没有显卡时安装软件 Vulkan（Debian 和 Ubuntu：mesa-vulkan-drivers）

doctor-vulkan = Vulkan
doctor-vulkan-ok = { $version }
doctor-vulkan-missing = 没有找到 Vulkan
doctor-vulkan-mend = 安装 libvulkan1 和 mesa-vulkan-drivers，或运行 scripts/setup.sh

doctor-display = 显示
doctor-display-ok = { $kind }
doctor-display-missing = 没有可以打开窗口的显示环境
doctor-display-mend = 在桌面环境里运行，或使用 visavis demo --headless --out 目录

doctor-fonts = 字体
doctor-fonts-ok = 自带字体完整
doctor-fonts-missing = 缺少字体文件 { $file }
doctor-fonts-mend = 重新取得完整的 assets/fonts 目录

doctor-avatar = 形象
doctor-avatar-ok = { $file }
doctor-avatar-missing = 无法读取形象文件 { $file }
doctor-avatar-mend = 检查路径，或用 visavis avatar inspect 查看问题

doctor-audio = 声音
doctor-audio-ok = { $name }
doctor-audio-missing = 没有声音设备，改用字幕
doctor-audio-mend = 声音可有可无；需要时请连接音频设备

doctor-openxr = OpenXR 头显
doctor-openxr-ok = { $name }
doctor-openxr-missing = 没有找到 OpenXR 运行时，在窗口中显示
doctor-openxr-mend = 需要头显时，请安装并启动它的 OpenXR 运行时

doctor-backend = 服务台
doctor-backend-ok = { $server } 正常
doctor-backend-embedded = 使用自带的服务台
doctor-backend-missing = 连不上 { $server }：{ $why }
doctor-backend-mend = 检查地址和网络；不写 --server 即使用自带的服务台

doctor-data = 数据目录
doctor-data-ok = { $path }
doctor-data-missing = 无法写入 { $path }：{ $why }
doctor-data-mend = 检查目录权限，或用 VISAVIS_DATA_DIR 指定其他目录
