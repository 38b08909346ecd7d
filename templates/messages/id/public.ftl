# The front page, for everybody.
public-title = Belanja bersama, harga terbuka
public-about = Koperasi dan dapur menulis kebutuhan, pemasok menulis penawaran. Pasok mencari pembagian termurah yang memenuhi sebanyak mungkin kebutuhan, dan siapa pun dapat memeriksa hitungannya.
public-rounds = Putaran belanja
public-no-rounds = Belum ada putaran. Putaran pertama muncul di sini setelah dibuka petugas pasar.
public-delivery = Diantar { $days }
public-markets = Pasar
public-no-markets = Belum ada pasar.
public-market = Dikelola { $operator } · { $count } anggota
