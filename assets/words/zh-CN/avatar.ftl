### The agent's body: loading it, and what happens where it cannot be loaded.

avatar-loading = 客服正在赶来…
avatar-loading-progress = 客服正在赶来… { $percent }%
avatar-ready = 客服已就位
avatar-failed = 客服形象没有载入成功
avatar-failed-way-on = 对话不受影响，您可以直接输入文字
avatar-fallback = 您指定的形象无法使用，已换成自带的形象
avatar-kept = 客服保持原来的形象，对话不受影响
