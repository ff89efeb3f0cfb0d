### The agent's body: loading it, and what happens where it cannot be loaded.

avatar-loading = Your agent is on the way…
avatar-loading-progress = Your agent is on the way… { $percent }%
avatar-ready = Your agent is here
avatar-failed = The agent's picture could not be loaded
avatar-failed-way-on = The conversation goes on: just type
avatar-fallback = The avatar you named cannot be used, so the built-in one stands in
avatar-kept = The agent stays as before; the conversation goes on
