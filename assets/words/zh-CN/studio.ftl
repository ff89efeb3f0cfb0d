### `visavis studio`：播放检验时所说的话。

studio-take = { $scene } · { $avatar } · { $seed }：{ $total } 项数值中 { $broken } 项未达标
studio-broken =   { $guard } { $what }：{ $value }，限值 { $limit }，在 { $secs } 秒
studio-report = 报告：{ $file }
studio-difference = 与基准曲线不同：{ $difference }
studio-same = 与基准曲线一致
studio-accepted = 已保存：{ $file }
