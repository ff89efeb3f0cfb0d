### The program as a whole: window, language, settings.

app-title = Visavis · service face to face
app-name = Visavis
app-tagline = A service agent with a body, face to face with you
window-title = Visavis · { $who }

language-switch = 中文
language-switch-hint = Switch to Chinese
language-now = English

settings-problem = There is a mistake in the settings
settings-problem-mend = Please mend it as told, then start again
settings-file-used = Settings file: { $file }

quality-auto = Automatic
quality-software = Software rendering
quality-low = Smooth
quality-high = Detailed
quality-lowered = Detail was lowered to keep the picture smooth

button-close = Close
button-retry = Try again
button-back = Back
button-quit = Quit
