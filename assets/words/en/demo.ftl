### `visavis demo`: what it says while it plays.

demo-start = { $scenes ->
    [one] Playing one scene
   *[other] Playing { $scenes } scenes
}
demo-scene = Scene { $number }/{ $total }: { $title }
demo-frames = Drawing { $done }/{ $total }
demo-picture = Picture: { $file }
demo-transcript = Transcript: { $file }
demo-done = The demo is done, after { $seconds } s
demo-stopped = The demo was stopped
demo-no-display = There is no display, so pictures are drawn instead
demo-desk-started = The built-in service desk runs at { $server }
