### The program as a whole: window, language, settings.

app-title = Visavis · 面对面服务
app-name = Visavis
app-tagline = 有身体的服务助手，与您面对面
window-title = Visavis · { $who }

language-switch = English
language-switch-hint = 切换为英文
language-now = 简体中文

settings-problem = 设置有误
settings-problem-mend = 请按提示修改设置后重新启动
settings-file-used = 设置文件：{ $file }

quality-auto = 自动
quality-software = 软件渲染
quality-low = 流畅
quality-high = 精细
quality-lowered = 为保持流畅，画质已自动降低

button-close = 关闭
button-retry = 重试
button-back = 返回
button-quit = 退出
