### Cards that float beside the agent.

card-button = OK
card-submit = Submit
card-submitting = Submitting…
card-submitted = Received, thank you
card-submit-failed = That did not go through. Please try again
card-required = Please fill in “{ $field }”
card-choose = Please choose
card-unsupported = Something here cannot be shown yet
card-open-link = Open link
card-close = Close
card-step = Step { $step } of { $total }
card-step-done = Done
card-confirm-step = I have done this
card-accept = Accept
card-decline = Not now

card-countdown-days = { $days } d { $hours } h left
card-countdown-hours = { $hours } h { $minutes } min left
card-countdown = { $minutes } min { $seconds } s left
card-countdown-over = Time is up
card-promise-kept = Kept
card-promise-missed = Not done in time. We are following it up
