### The chat bar and the transcript.

chat-placeholder = What can we do for you?
chat-placeholder-queued = You can go on writing while you wait…
chat-placeholder-closed = This service has ended
chat-send = Send
chat-send-hint = Press Enter to send
chat-ask-human = Talk to a person
chat-ask-human-hint = Ask for a person from customer service
chat-too-long = That is too long: { $limit } characters at most
chat-empty = Hello, how can I help you?
chat-thinking = Thinking…
chat-typing = { $name } is writing…
chat-earlier = Earlier messages
chat-transcript = Conversation

role-you = You
role-assistant = AI assistant
role-human = Customer service
role-notice = Service notice

delivery-sending = Sending…
delivery-waiting = Waiting for the network
delivery-sent = Sent
delivery-failed = Not sent
delivery-retry = Send again
delivery-discard = Discard

rating-ask = Are you happy with this service?
rating-thanks = Thank you for your rating

transcript-confirmed = (confirmed)
transcript-submitted = (form submitted)
