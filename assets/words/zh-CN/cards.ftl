### Cards that float beside the agent.

card-button = 确定
card-submit = 提交
card-submitting = 正在提交…
card-submitted = 已提交，谢谢
card-submit-failed = 提交没有成功，请重试
card-required = 请填写「{ $field }」
card-choose = 请选择
card-unsupported = 这里有一项内容暂时无法显示
card-open-link = 打开链接
card-close = 收起
card-step = 第 { $step } 步，共 { $total } 步
card-step-done = 已完成
card-confirm-step = 这一步做好了
card-accept = 接受
card-decline = 暂不需要

card-countdown-days = 剩余 { $days } 天 { $hours } 小时
card-countdown-hours = 剩余 { $hours } 小时 { $minutes } 分
card-countdown = 剩余 { $minutes } 分 { $seconds } 秒
card-countdown-over = 已到期
card-promise-kept = 已兑现
card-promise-missed = 未能按时完成，我们正在跟进
