# The observer's page.
observe-title = Pengawasan
observe-about = Angka seluruh pasar. Halaman ini hanya untuk dibaca; setiap perubahan di tempat lain tercatat tetap.
observe-active = Anggota aktif
observe-dormant = Tidak aktif
observe-suspended = Dihentikan
observe-not-yet-operating = Belum beroperasi
observe-latest = Putaran terakhir yang terbit: { $name }
observe-filled = Terpenuhi (menurut berat)
observe-paid = Barang dan ongkos kirim
observe-saved-cheapest = Hemat terhadap belanja sendiri, termurah
observe-saved-nearest = Hemat terhadap belanja sendiri, terdekat
observe-cooperatives = Bagian koperasi dan BUM Desa
observe-small = Bagian usaha mikro dan kecil
observe-least = Yang paling sedikit terpenuhi: { $name }, { $share }.
observe-behind = { $count } pembeli di bawah 90 %.
observe-see = Hasil dan gambarnya
