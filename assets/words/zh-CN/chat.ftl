### The chat bar and the transcript.

chat-placeholder = 请输入您的问题…
chat-placeholder-queued = 排队时也可以继续补充…
chat-placeholder-closed = 本次服务已结束
chat-send = 发送
chat-send-hint = 按回车键发送
chat-ask-human = 转人工
chat-ask-human-hint = 请人工客服为您服务
chat-too-long = 内容太长，最多 { $limit } 字
chat-empty = 您好，有什么可以帮您？
chat-thinking = 正在思考…
chat-typing = { $name } 正在输入…
chat-earlier = 更早的消息
chat-transcript = 对话记录

role-you = 您
role-assistant = AI 智能助手
role-human = 人工客服
role-notice = 服务通知

delivery-sending = 发送中…
delivery-waiting = 等待网络
delivery-sent = 已发送
delivery-failed = 发送失败
delivery-retry = 重新发送
delivery-discard = 放弃

rating-ask = 这次服务您满意吗？
rating-thanks = 谢谢您的评价

transcript-confirmed = （已确认）
transcript-submitted = （已提交表单）
