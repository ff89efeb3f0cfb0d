### `visavis demo`: what it says while it plays.

demo-start = 开始演示：{ $scenes } 个场景
demo-scene = 场景 { $number }/{ $total }：{ $title }
demo-frames = 正在绘制 { $done }/{ $total }
demo-picture = 画面：{ $file }
demo-transcript = 对话记录：{ $file }
demo-done = 演示完成，用时 { $seconds } 秒
demo-stopped = 演示已停止
demo-no-display = 没有显示环境，改为绘制图片
demo-desk-started = 自带的服务台已启动：{ $server }
