### `visavis doctor`: what works here, what is missing, how to mend it.

doctor-title = Visavis checkup
doctor-state-ok = ok
doctor-state-limited = usable
doctor-state-missing = missing
doctor-mend = To mend it: { $how }
doctor-all-well = All is well: ready to start
doctor-something-missing = { $count ->
    [one] One thing needs attention, see above
   *[other] { $count } things need attention, see above
}

doctor-gpu = Graphics
doctor-gpu-ok = { $name } ({ $backend })
doctor-gpu-software = no GPU, drawing in software on { $name }: slower, but complete
doctor-gpu-missing = nothing that can draw was found
doctor-gpu-mend = install the driver of the graphics card; without a card, a software Vulkan (Debian and Ubuntu: mesa-vulkan-drivers)

doctor-vulkan = Vulkan
doctor-vulkan-ok = { $version }
doctor-vulkan-missing = Vulkan was not found
doctor-vulkan-mend = install libvulkan1 and mesa-vulkan-drivers, or run scripts/setup.sh

doctor-display = Display
doctor-display-ok = { $kind }
doctor-display-missing = there is no display to open a window on
doctor-display-mend = run it in a desktop session, or use visavis demo --headless --out DIR

doctor-fonts = Fonts
doctor-fonts-ok = the built-in fonts are complete
doctor-fonts-missing = the font file { $file } is missing
doctor-fonts-mend = get the whole folder assets/fonts again

doctor-avatar = Avatar
doctor-avatar-ok = { $file }
doctor-avatar-missing = the avatar file { $file } cannot be read
doctor-avatar-mend = check the path, or look at it with visavis avatar inspect

doctor-audio = Audio
doctor-audio-ok = { $name }
doctor-audio-missing = no audio device, so captions are shown
doctor-audio-mend = sound is optional; connect an audio device if you want it

doctor-openxr = OpenXR headset
doctor-openxr-ok = { $name }
doctor-openxr-missing = no OpenXR runtime, so the window is used
doctor-openxr-mend = for a headset, install and start its OpenXR runtime

doctor-backend = Service desk
doctor-backend-ok = { $server } answers
doctor-backend-embedded = the built-in desk is used
doctor-backend-missing = { $server } cannot be reached: { $why }
doctor-backend-mend = check the address and the network; without --server the built-in desk is used

doctor-data = Data folder
doctor-data-ok = { $path }
doctor-data-missing = { $path } cannot be written: { $why }
doctor-data-mend = check the permissions, or name another folder with VISAVIS_DATA_DIR
