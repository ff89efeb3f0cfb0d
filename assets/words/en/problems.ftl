### What the command line says about bad input: what, why, how to mend it. The place is put between by the program.

problem-avatar-missing-what = cannot find the avatar
problem-avatar-missing-why = there is no file here
problem-avatar-missing-mend = check the path given to --avatar, or leave it out to use the built-in avatar

problem-avatar-broken-what = cannot load the avatar
problem-avatar-broken-mend = see what is wrong with visavis avatar inspect, and export the VRM again from the tool that made it

problem-scene-what = there is no such scene
problem-scene-why = the scenes are: { $scenes }
problem-scene-mend = name one of them, or leave --scene out to play all

problem-settings-what = cannot read the settings
problem-settings-mend = mend the settings file, then start again

problem-server-what = cannot use this service desk
problem-server-why = this is no http or https address
problem-server-mend = write it like http://host:port

problem-out-what = cannot write the results
problem-out-mend = check that the folder given to --out exists and can be written

problem-port-what = cannot start the service desk
problem-port-why = port { $port } is taken
problem-port-mend = name another one with --port

problem-draw-what = cannot draw
problem-draw-mend = see what is missing with visavis doctor
