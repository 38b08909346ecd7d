# What everybody needs together, beside the lines of the weekly sheet.
demands-together = Bersama { $buyers } pembeli di sekitar Anda: { $have }.
demands-together-pack = Bersama { $buyers } pembeli: { $have } dari { $at }; { $missing } lagi agar kemasannya genap.
demands-together-step = Bersama { $buyers } pembeli: { $have } dari { $at }; { $missing } lagi untuk harga yang lebih murah.
demands-together-whole = Bersama { $buyers } pembeli: { $have }, kemasannya genap.
demands-together-bar = Kebutuhan bersama: { $name }
demands-from-menu = Isi dari menu
demands-from-menu-about = Pilih menu hari ini dan jumlah porsinya. Bahan dihitung dari resep dan dibulatkan ke kemasan utuh; angka yang sudah ada diganti.
demands-menu = Menu
demands-menu-missing = Pilih menunya dulu.
demands-portions-small = Di antaranya porsi kecil
demands-portions-wrong = Isi jumlah porsi, 1 sampai 100.000; porsi kecil tidak lebih dari semuanya.
demands-menu-do = Hitung bahan
demands-budget = Anggaran Anda (Rp)
demands-budget-hint = Untuk dibandingkan dengan perkiraan. Tidak dikirim; diingat di ponsel ini.
demands-budget-left = Sisa anggaran { $amount }.
demands-budget-over = Melebihi anggaran { $amount }.
