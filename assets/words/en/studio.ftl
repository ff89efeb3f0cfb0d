### `visavis studio`: what it says of a run.

studio-take = { $scene } · { $avatar } · { $seed }: { $broken } of { $total } values outside their limits
studio-broken =   { $guard } { $what }: { $value }, limit { $limit }, at { $secs } s
studio-report = Report: { $file }
studio-difference = Differs from the stored curves: { $difference }
studio-same = As the stored curves
studio-accepted = Stored: { $file }
