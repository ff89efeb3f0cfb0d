### What the command line says about bad input: what, why, how to mend it. The place is put between by the program.

problem-avatar-missing-what = 找不到形象文件
problem-avatar-missing-why = 这里没有文件
problem-avatar-missing-mend = 检查 --avatar 的路径，或去掉它以使用自带的形象

problem-avatar-broken-what = 无法载入形象
problem-avatar-broken-mend = 用 visavis avatar inspect 查看问题，并从制作工具重新导出 VRM

problem-scene-what = 没有这个场景
problem-scene-why = 现有的场景是：{ $scenes }
problem-scene-mend = 选择其中一个，或去掉 --scene 播放全部

problem-settings-what = 无法读取设置
problem-settings-mend = 修改设置文件后重新启动

problem-server-what = 无法使用这个服务台
problem-server-why = 这不是 http 或 https 地址
problem-server-mend = 写成 http://主机:端口 的样子

problem-out-what = 无法写入结果
problem-out-mend = 检查 --out 目录是否存在、可写

problem-port-what = 无法启动服务台
problem-port-why = 端口 { $port } 已被占用
problem-port-mend = 用 --port 指定其他端口

problem-draw-what = 无法绘图
problem-draw-mend = 运行 visavis doctor 查看缺少什么
