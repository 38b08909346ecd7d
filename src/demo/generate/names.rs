//! What sellers are called: kind, number and place. No person is named.

/// The trade name that goes before number and place.
pub(super) fn trade_name(archetype: &str) -> &'static str {
    match archetype {
        "bulog_gudang" => "Gudang BULOG",
        "distributor_sembako" => "Grosir Sembako",
        "agen_minyakita" => "Distributor MINYAKITA",
        "pabrik_minyak" => "Pabrik Minyak Goreng",
        "pabrik_gula" => "Pabrik Gula",
        "id_food" => "ID FOOD",
        "penggilingan_padi" => "Penggilingan Padi",
        "gapoktan_padi" => "Gapoktan Padi",
        "gapoktan_hortikultura" => "Kelompok Tani Sayur",
        "gapoktan_palawija" => "Kelompok Tani Palawija",
        "pekebun_buah" => "Kelompok Pekebun Buah",
        "pasar_induk" => "Pedagang Grosir",
        "pasar_tradisional" => "Pedagang",
        "peternak_telur" => "Peternak Ayam Petelur",
        "rpa_ayam" => "Rumah Potong Ayam",
        "rph_sapi" => "Rumah Potong Hewan",
        "importir_daging_beku" => "Distributor Daging Beku",
        "nelayan_tpi" => "Kelompok Nelayan",
        "cold_storage_ikan" => "Cold Storage Ikan",
        "pembudidaya_ikan" => "Pokdakan",
        "umkm_tempe_tahu" => "Perajin Tempe Tahu",
        "importir_kedelai" => "KOPTI",
        "koperasi_susu" => "Koperasi Susu",
        "distributor_susu" => "Distributor Susu",
        "umkm_bakery" => "UMKM Roti",
        "bumdes" => "BUM Desa",
        "koperasi_produsen" => "Koperasi Produsen",
        "depot_air" => "Depot Air",
        "koperasi_kkmp" => "Koperasi Merah Putih",
        _ => "Pemasok",
    }
}
