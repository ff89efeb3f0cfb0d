### Who answers, and how the connection to the service desk stands.

owner-bot = AI 智能助手
owner-queued = 排队中（第 { $position } 位）
owner-queued-soon = 排队中（第 { $position } 位，约 { $minutes } 分钟）
owner-human = 人工客服 { $name }
owner-returning = 正在转回
owner-closed = 已结束
owner-unknown = 正在为您服务

handoff-requested = 正在为您转接人工客服…
handoff-arrived = 人工客服 { $name } 已接入，您之前说的都已转达
handoff-returned = 已转回 AI 智能助手
handoff-closed = 本次服务已结束，感谢您的耐心

connection-connecting = 正在连接…
connection-live = 已连接
connection-recovering = 连接中断，正在恢复（第 { $attempt } 次重连）
connection-offline = 网络不可用，您的消息会保留，恢复后自动发送
connection-signed-out = 登录已失效，请重新登录
connection-restored = 连接已恢复

desk-starting = 正在启动服务台…
desk-failed = 服务台没有启动成功
desk-failed-way-on = 您仍可查看对话。请重试，或用 --server 指定其他服务台
desk-unreachable = 暂时连不上服务台 { $server }
