### Who answers, and how the connection to the service desk stands.

owner-bot = AI assistant
owner-queued = Waiting for a person (number { $position })
owner-queued-soon = Waiting for a person (number { $position }, about { $minutes } min)
owner-human = { $name }, customer service
owner-returning = Handing back
owner-closed = Ended
owner-unknown = At your service

handoff-requested = Getting a person for you…
handoff-arrived = { $name } from customer service is here, and knows what you have told us
handoff-returned = The AI assistant is back with you
handoff-closed = This service has ended. Thank you for your patience

connection-connecting = Connecting…
connection-live = Connected
connection-recovering = Connection lost, recovering (attempt { $attempt })
connection-offline = No network. Your messages are kept and sent when it is back
connection-signed-out = You have been signed out. Please sign in again
connection-restored = Connection restored

desk-starting = Starting the service desk…
desk-failed = The service desk did not start
desk-failed-way-on = You can still read the conversation. Try again, or name another desk with --server
desk-unreachable = The service desk { $server } cannot be reached right now
