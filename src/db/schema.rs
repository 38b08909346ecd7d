//! Tables as diesel sees them, one block per table of `migrations/`; a test compares them with the database.
#![allow(missing_docs, reason = "the columns are documented in the migrations")]

diesel::table! {
    organisations (id) {
        id -> BigInt,
        code -> Text,
        name -> Text,
        class -> Text,
        status -> Text,
        phone -> Text,
        created_at -> BigInt,
        version -> BigInt,
        registered_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    organisation_capabilities (organisation_id, capability) {
        organisation_id -> BigInt,
        capability -> Text,
    }
}

diesel::table! {
    members (id) {
        id -> BigInt,
        organisation_id -> BigInt,
        name -> Text,
        role -> Text,
        status -> Text,
        created_at -> BigInt,
        version -> BigInt,
        account_id -> BigInt,
    }
}

diesel::table! {
    accounts (id) {
        id -> BigInt,
        name -> Text,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        status -> Text,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    credentials (account_id) {
        account_id -> BigInt,
        password_hash -> Text,
        password_set_at -> Nullable<BigInt>,
        totp_secret -> Text,
        totp_confirmed_at -> Nullable<BigInt>,
        totp_last_step -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        account_id -> BigInt,
        member_id -> BigInt,
        token_hash -> Text,
        client -> Text,
        second_factor_at -> Nullable<BigInt>,
        created_at -> BigInt,
        last_used_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    account_codes (id) {
        id -> BigInt,
        account_id -> BigInt,
        purpose -> Text,
        code_hash -> Text,
        issued_by -> Nullable<BigInt>,
        issued_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sign_in_limits (key) {
        key -> Text,
        window_started_at -> BigInt,
        failures -> BigInt,
    }
}

diesel::table! {
    grants (id) {
        id -> BigInt,
        organisation_id -> BigInt,
        assistant_id -> BigInt,
        scope -> Text,
        granted_by -> BigInt,
        granted_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        revoked_by -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    access_tokens (id) {
        id -> BigInt,
        member_id -> BigInt,
        token_hash -> Text,
        label -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        scope -> Text,
        issued_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit_entries (id) {
        id -> BigInt,
        leaf_index -> BigInt,
        at -> BigInt,
        member_id -> Nullable<BigInt>,
        organisation_id -> Nullable<BigInt>,
        market_id -> Nullable<BigInt>,
        subject -> Text,
        subject_id -> BigInt,
        event -> Text,
        old_value -> Text,
        new_value -> Text,
        reason -> Text,
        salt -> Text,
        commitment -> Text,
    }
}

diesel::table! {
    idempotency_keys (organisation_id, operation, key) {
        organisation_id -> BigInt,
        operation -> Text,
        key -> Text,
        request_hash -> Text,
        response_status -> Integer,
        response_headers -> Text,
        response_body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    number_series (organisation_id, kind, year) {
        organisation_id -> BigInt,
        kind -> Text,
        year -> BigInt,
        last_serial -> BigInt,
    }
}

diesel::table! {
    regions (code) {
        code -> Text,
        name -> Text,
        kind -> Text,
        parent_code -> Nullable<Text>,
        latitude_e6 -> Nullable<BigInt>,
        longitude_e6 -> Nullable<BigInt>,
        rice_zone -> Nullable<Integer>,
    }
}

diesel::table! {
    places (id) {
        id -> BigInt,
        organisation_id -> BigInt,
        region_code -> Nullable<Text>,
        name -> Text,
        latitude_e6 -> BigInt,
        longitude_e6 -> BigInt,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    commodities (id) {
        id -> BigInt,
        code -> Text,
        name_id -> Text,
        name_en -> Text,
        category -> Text,
        pricing_unit -> Text,
        grams_per_thousand -> BigInt,
        cold_chain -> Integer,
        price_floor_e4 -> BigInt,
        price_typical_e4 -> BigInt,
        price_ceiling_e4 -> BigInt,
    }
}

diesel::table! {
    commodity_units (commodity_id, code) {
        commodity_id -> BigInt,
        code -> Text,
        name_id -> Text,
        name_en -> Text,
        unece_code -> Text,
        base_units -> BigInt,
    }
}

diesel::table! {
    reference_prices (commodity_id, zone, kind) {
        commodity_id -> BigInt,
        zone -> Integer,
        kind -> Text,
        price_e4 -> BigInt,
        regulation -> Text,
    }
}

diesel::table! {
    markets (id) {
        id -> BigInt,
        code -> Text,
        name -> Text,
        region_code -> Nullable<Text>,
        operator_id -> BigInt,
        time_zone -> Text,
        rice_zone -> Integer,
        circuity_permille -> BigInt,
        delivery_weekdays -> Text,
        freight_per_g_km_ticks -> BigInt,
        freight_cold_per_g_km_ticks -> BigInt,
        freight_base_per_g_ticks -> BigInt,
        shortage_permille -> BigInt,
        status -> Text,
        created_at -> BigInt,
        version -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    market_members (market_id, organisation_id) {
        market_id -> BigInt,
        organisation_id -> BigInt,
        joined_at -> BigInt,
    }
}

diesel::table! {
    rounds (id) {
        id -> BigInt,
        market_id -> BigInt,
        number -> Text,
        serial -> BigInt,
        name -> Text,
        status -> Text,
        delivery_from -> Text,
        delivery_to -> Text,
        closes_at -> BigInt,
        snapshot_sha256 -> Text,
        failure -> Text,
        proposed_by -> Nullable<BigInt>,
        approved_by -> Nullable<BigInt>,
        created_by -> BigInt,
        created_at -> BigInt,
        version -> BigInt,
        sealed_calls -> BigInt,
    }
}

diesel::table! {
    round_commodities (round_id, commodity_id) {
        market_id -> BigInt,
        round_id -> BigInt,
        commodity_id -> BigInt,
    }
}

diesel::table! {
    demands (id) {
        id -> BigInt,
        market_id -> BigInt,
        round_id -> BigInt,
        buyer_id -> BigInt,
        place_id -> BigInt,
        commodity_id -> BigInt,
        quantity -> BigInt,
        accept_up_to -> BigInt,
        entered_unit -> Text,
        day_from -> Text,
        day_to -> Text,
        requirements -> Text,
        priority -> Integer,
        price_ceiling_e4 -> Nullable<BigInt>,
        status -> Text,
        created_by -> BigInt,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    offers (id) {
        id -> BigInt,
        market_id -> BigInt,
        seller_id -> BigInt,
        place_id -> BigInt,
        commodity_id -> BigInt,
        lot -> Text,
        price_e4 -> BigInt,
        stock -> BigInt,
        reserved -> BigInt,
        stock_per_day -> Nullable<BigInt>,
        pack -> BigInt,
        entered_unit -> Text,
        min_line -> BigInt,
        radius_m -> Nullable<BigInt>,
        day_from -> Text,
        day_to -> Text,
        certificates -> Text,
        freight_terms -> Text,
        freight_per_km_e4 -> BigInt,
        freight_base_e4 -> BigInt,
        status -> Text,
        created_by -> BigInt,
        created_at -> BigInt,
        version -> BigInt,
        tiers -> Text,
        tiers_incremental -> Integer,
        min_order_idr -> BigInt,
    }
}

diesel::table! {
    round_snapshots (round_id, sha256) {
        round_id -> BigInt,
        market_id -> BigInt,
        sha256 -> Text,
        problem -> Text,
        days -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    solve_runs (id) {
        id -> BigInt,
        round_id -> BigInt,
        market_id -> BigInt,
        attempt -> BigInt,
        status -> Text,
        started_by -> BigInt,
        snapshot_sha256 -> Text,
        lease_until -> BigInt,
        lease_token -> BigInt,
        started_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        failure -> Text,
        solve_ms -> BigInt,
        plan_sha256 -> Text,
        plan -> Text,
    }
}

diesel::table! {
    awards (id) {
        id -> BigInt,
        market_id -> BigInt,
        round_id -> BigInt,
        demand_id -> BigInt,
        offer_id -> BigInt,
        buyer_id -> BigInt,
        seller_id -> BigInt,
        place_id -> BigInt,
        commodity_id -> BigInt,
        day -> Text,
        quantity -> BigInt,
        price_e4 -> BigInt,
        freight_ticks -> BigInt,
        distance_m -> BigInt,
        goods_idr -> BigInt,
        freight_idr -> BigInt,
        rebate_idr -> BigInt,
        fee_idr -> BigInt,
    }
}

diesel::table! {
    stock_movements (id) {
        id -> BigInt,
        market_id -> BigInt,
        offer_id -> BigInt,
        seller_id -> BigInt,
        cause -> Text,
        cause_id -> BigInt,
        quantity -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    shortages (id) {
        id -> BigInt,
        market_id -> BigInt,
        round_id -> BigInt,
        demand_id -> BigInt,
        buyer_id -> BigInt,
        commodity_id -> BigInt,
        reason -> Text,
        quantity -> BigInt,
        limited_by -> Text,
    }
}

diesel::table! {
    orders (id) {
        id -> BigInt,
        market_id -> BigInt,
        round_id -> BigInt,
        buyer_id -> BigInt,
        seller_id -> BigInt,
        number -> Text,
        year -> BigInt,
        serial -> BigInt,
        status -> Text,
        delivery_status -> Text,
        billing_status -> Text,
        goods_idr -> BigInt,
        freight_idr -> BigInt,
        total_idr -> BigInt,
        reason_code -> Text,
        reason_note -> Text,
        issued_at -> BigInt,
        answered_at -> Nullable<BigInt>,
        answered_by -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    order_holds (order_id, lot_id) {
        order_id -> BigInt,
        lot_id -> BigInt,
        market_id -> BigInt,
    }
}

diesel::table! {
    order_lines (id) {
        id -> BigInt,
        market_id -> BigInt,
        order_id -> BigInt,
        line_number -> BigInt,
        award_id -> BigInt,
        commodity_id -> BigInt,
        place_id -> BigInt,
        day -> Text,
        quantity -> BigInt,
        price_e4 -> BigInt,
        goods_idr -> BigInt,
        freight_idr -> BigInt,
    }
}

diesel::table! {
    order_shortfalls (id) {
        id -> BigInt,
        line_id -> BigInt,
        order_id -> BigInt,
        market_id -> BigInt,
        quantity -> BigInt,
        goods_idr -> BigInt,
        freight_idr -> BigInt,
        reason_code -> Text,
        reason_note -> Text,
    }
}

diesel::table! {
    buyer_budgets (id) {
        id -> BigInt,
        market_id -> BigInt,
        round_id -> BigInt,
        buyer_id -> BigInt,
        amount_idr -> BigInt,
        set_by -> BigInt,
        set_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    log_head (id) {
        id -> BigInt,
        size -> BigInt,
        edge -> Text,
    }
}

diesel::table! {
    log_tiles (level, tile) {
        level -> BigInt,
        tile -> BigInt,
        hashes -> Text,
        root -> Text,
    }
}

diesel::table! {
    row_seals (table_name, leaf_index, part) {
        table_name -> Text,
        leaf_index -> BigInt,
        part -> BigInt,
        layout -> Text,
        rows -> Text,
    }
}

diesel::table! {
    row_layouts (layout) {
        layout -> Text,
        table_name -> Text,
        column_list -> Text,
    }
}

diesel::table! {
    row_salts (table_name, row_key) {
        table_name -> Text,
        row_key -> Text,
        salt -> Text,
    }
}

diesel::table! {
    log_checkpoints (size) {
        size -> BigInt,
        made_at -> BigInt,
        occasion -> Text,
        note -> Text,
    }
}

diesel::table! {
    log_cosignatures (size, line) {
        size -> BigInt,
        line -> Text,
    }
}

diesel::table! {
    log_keys (vkey) {
        vkey -> Text,
        added_at -> BigInt,
    }
}

diesel::table! {
    log_witnesses (vkey) {
        vkey -> Text,
        added_at -> BigInt,
    }
}

diesel::table! {
    record_touched (table_name, k1, k2, k3) {
        xact -> BigInt,
        table_name -> Text,
        k1 -> Text,
        k2 -> Text,
        k3 -> Text,
    }
}

diesel::table! {
    calls (id) {
        id -> BigInt,
        market_id -> BigInt,
        round_id -> BigInt,
        number -> Text,
        serial -> BigInt,
        title -> Text,
        status -> Text,
        terms_version -> BigInt,
        terms_changed_at -> Nullable<BigInt>,
        terms_change -> Text,
        closes_at -> BigInt,
        min_bids -> BigInt,
        partial_awards -> Integer,
        who_may_bid -> Text,
        certificates -> Text,
        documents -> Text,
        notes -> Text,
        cloned_from -> Nullable<BigInt>,
        bids_received -> Nullable<BigInt>,
        reason -> Text,
        created_by -> BigInt,
        created_at -> BigInt,
        opened_at -> Nullable<BigInt>,
        version -> BigInt,
        complaint_hours -> BigInt,
        complaints_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    lots (id) {
        id -> BigInt,
        market_id -> BigInt,
        call_id -> BigInt,
        number -> BigInt,
        commodity_id -> BigInt,
        area -> Text,
        area_name -> Text,
        day_from -> Text,
        day_to -> Text,
        quantity -> BigInt,
        pack -> BigInt,
        points -> BigInt,
        steps -> Text,
        requirements -> Text,
        price_ceiling_e4 -> Nullable<BigInt>,
    }
}

diesel::table! {
    bids (id) {
        id -> BigInt,
        market_id -> BigInt,
        call_id -> BigInt,
        bidder_id -> BigInt,
        status -> Text,
        current -> BigInt,
        terms_version -> BigInt,
        placed_at -> BigInt,
        created_by -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    bid_versions (id) {
        id -> BigInt,
        market_id -> BigInt,
        call_id -> BigInt,
        bid_id -> BigInt,
        bidder_id -> BigInt,
        number -> BigInt,
        terms_version -> BigInt,
        sealed -> Text,
        commitment -> Text,
        sealed_where -> Text,
        placed_by -> BigInt,
        placed_at -> BigInt,
    }
}

diesel::table! {
    bid_openings (id) {
        id -> BigInt,
        market_id -> BigInt,
        call_id -> BigInt,
        bid_id -> BigInt,
        bid_version_id -> BigInt,
        bidder_id -> BigInt,
        outcome -> Text,
        document -> Text,
        problems -> Text,
        opened_at -> BigInt,
        nonce -> Text,
    }
}

diesel::table! {
    offer_terms (offer_id) {
        offer_id -> BigInt,
        market_id -> BigInt,
        round_id -> BigInt,
        seller_id -> BigInt,
        lot_id -> BigInt,
        terms -> Text,
    }
}

diesel::table! {
    seller_terms (bid_id) {
        bid_id -> BigInt,
        market_id -> BigInt,
        round_id -> BigInt,
        seller_id -> BigInt,
        terms -> Text,
    }
}

diesel::table! {
    scenarios (id) {
        id -> BigInt,
        market_id -> BigInt,
        round_id -> BigInt,
        name -> Text,
        rules -> Text,
        status -> Text,
        failure -> Text,
        base_sha256 -> Text,
        snapshot_sha256 -> Text,
        plan -> Text,
        plan_sha256 -> Text,
        solve_ms -> BigInt,
        reason -> Text,
        created_by -> BigInt,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    call_keys (call_id) {
        call_id -> BigInt,
        market_id -> BigInt,
        recipient -> Text,
        rehearsal_recipient -> Text,
        dummy -> Text,
        dummy_commitment -> Text,
        founded_at -> BigInt,
        rehearsed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    call_seats (call_id, seat) {
        call_id -> BigInt,
        seat -> BigInt,
        market_id -> BigInt,
        member_id -> BigInt,
        account_id -> BigInt,
        name -> Text,
        recipient -> Text,
        part -> Text,
        rehearsal_part -> Text,
        taken_at -> BigInt,
    }
}

diesel::table! {
    sittings (id) {
        id -> BigInt,
        call_id -> BigInt,
        market_id -> BigInt,
        purpose -> Text,
        seat -> BigInt,
        member_id -> BigInt,
        account_id -> BigInt,
        locked -> Text,
        ends_at -> BigInt,
        is_over -> Integer,
    }
}

diesel::table! {
    opening_minutes (call_id) {
        call_id -> BigInt,
        market_id -> BigInt,
        first_member -> BigInt,
        second_member -> BigInt,
        opened_at -> BigInt,
        text -> Text,
    }
}

diesel::table! {
    sealed_keys (organisation_id, operation, key) {
        organisation_id -> BigInt,
        operation -> Text,
        key -> Text,
        request_hash -> Text,
        response_status -> Integer,
        response_headers -> Text,
        response_body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    bid_answers (bid_id, lot, plan_sha256) {
        bid_id -> BigInt,
        lot -> BigInt,
        plan_sha256 -> Text,
        market_id -> BigInt,
        round_id -> BigInt,
        bidder_id -> BigInt,
        awarded -> BigInt,
        wins_at_e4 -> Nullable<BigInt>,
        rules -> Text,
        answered_at -> BigInt,
    }
}

diesel::table! {
    complaints (id) {
        id -> BigInt,
        market_id -> BigInt,
        round_id -> BigInt,
        call_id -> BigInt,
        lot -> Nullable<BigInt>,
        bidder_id -> BigInt,
        status -> Text,
        words -> Text,
        answer -> Text,
        created_by -> BigInt,
        created_at -> BigInt,
        answered_by -> Nullable<BigInt>,
        answered_at -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::joinable!(organisation_capabilities -> organisations (organisation_id));
diesel::joinable!(members -> organisations (organisation_id));
diesel::joinable!(members -> accounts (account_id));
diesel::joinable!(credentials -> accounts (account_id));
diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(sessions -> members (member_id));
diesel::joinable!(account_codes -> accounts (account_id));
diesel::joinable!(grants -> members (assistant_id));
diesel::joinable!(grants -> organisations (organisation_id));
diesel::joinable!(access_tokens -> members (member_id));
diesel::joinable!(audit_entries -> members (member_id));
diesel::joinable!(audit_entries -> organisations (organisation_id));
diesel::joinable!(idempotency_keys -> organisations (organisation_id));
diesel::joinable!(number_series -> organisations (organisation_id));
diesel::joinable!(places -> organisations (organisation_id));
diesel::joinable!(places -> regions (region_code));
diesel::joinable!(commodity_units -> commodities (commodity_id));
diesel::joinable!(reference_prices -> commodities (commodity_id));
diesel::joinable!(markets -> regions (region_code));
diesel::joinable!(markets -> organisations (operator_id));
diesel::joinable!(market_members -> markets (market_id));
diesel::joinable!(market_members -> organisations (organisation_id));
diesel::joinable!(rounds -> markets (market_id));
diesel::joinable!(round_commodities -> markets (market_id));
diesel::joinable!(round_commodities -> rounds (round_id));
diesel::joinable!(round_commodities -> commodities (commodity_id));
diesel::joinable!(demands -> markets (market_id));
diesel::joinable!(demands -> rounds (round_id));
diesel::joinable!(demands -> organisations (buyer_id));
diesel::joinable!(demands -> places (place_id));
diesel::joinable!(demands -> commodities (commodity_id));
diesel::joinable!(demands -> members (created_by));
diesel::joinable!(offers -> markets (market_id));
diesel::joinable!(offers -> organisations (seller_id));
diesel::joinable!(offers -> places (place_id));
diesel::joinable!(offers -> commodities (commodity_id));
diesel::joinable!(offers -> members (created_by));
diesel::joinable!(round_snapshots -> rounds (round_id));
diesel::joinable!(round_snapshots -> markets (market_id));
diesel::joinable!(solve_runs -> rounds (round_id));
diesel::joinable!(solve_runs -> markets (market_id));
diesel::joinable!(solve_runs -> members (started_by));
diesel::joinable!(awards -> markets (market_id));
diesel::joinable!(awards -> rounds (round_id));
diesel::joinable!(awards -> demands (demand_id));
diesel::joinable!(awards -> offers (offer_id));
diesel::joinable!(shortages -> markets (market_id));
diesel::joinable!(shortages -> rounds (round_id));
diesel::joinable!(shortages -> demands (demand_id));
diesel::joinable!(orders -> markets (market_id));
diesel::joinable!(orders -> rounds (round_id));
diesel::joinable!(orders -> members (answered_by));
diesel::joinable!(order_holds -> markets (market_id));
diesel::joinable!(order_holds -> orders (order_id));
diesel::joinable!(order_holds -> lots (lot_id));
diesel::joinable!(order_lines -> markets (market_id));
diesel::joinable!(order_lines -> orders (order_id));
diesel::joinable!(order_lines -> awards (award_id));
diesel::joinable!(order_lines -> commodities (commodity_id));
diesel::joinable!(order_lines -> places (place_id));
diesel::joinable!(order_shortfalls -> markets (market_id));
diesel::joinable!(order_shortfalls -> orders (order_id));
diesel::joinable!(order_shortfalls -> order_lines (line_id));
diesel::joinable!(buyer_budgets -> markets (market_id));
diesel::joinable!(buyer_budgets -> rounds (round_id));
diesel::joinable!(buyer_budgets -> organisations (buyer_id));
diesel::joinable!(buyer_budgets -> members (set_by));
diesel::joinable!(calls -> markets (market_id));
diesel::joinable!(calls -> rounds (round_id));
diesel::joinable!(lots -> markets (market_id));
diesel::joinable!(lots -> calls (call_id));
diesel::joinable!(lots -> commodities (commodity_id));
diesel::joinable!(bids -> markets (market_id));
diesel::joinable!(bids -> calls (call_id));
diesel::joinable!(bids -> organisations (bidder_id));
diesel::joinable!(bid_versions -> markets (market_id));
diesel::joinable!(bid_versions -> calls (call_id));
diesel::joinable!(bid_versions -> bids (bid_id));
diesel::joinable!(bid_versions -> organisations (bidder_id));
diesel::joinable!(bid_openings -> markets (market_id));
diesel::joinable!(bid_openings -> calls (call_id));
diesel::joinable!(bid_openings -> bids (bid_id));
diesel::joinable!(bid_openings -> bid_versions (bid_version_id));
diesel::joinable!(bid_openings -> organisations (bidder_id));
diesel::joinable!(offer_terms -> offers (offer_id));
diesel::joinable!(offer_terms -> markets (market_id));
diesel::joinable!(offer_terms -> rounds (round_id));
diesel::joinable!(offer_terms -> organisations (seller_id));
diesel::joinable!(offer_terms -> lots (lot_id));
diesel::joinable!(seller_terms -> bids (bid_id));
diesel::joinable!(seller_terms -> markets (market_id));
diesel::joinable!(seller_terms -> rounds (round_id));
diesel::joinable!(seller_terms -> organisations (seller_id));
diesel::joinable!(scenarios -> markets (market_id));
diesel::joinable!(scenarios -> rounds (round_id));

diesel::allow_tables_to_appear_in_same_query!(
    organisations,
    organisation_capabilities,
    members,
    accounts,
    credentials,
    sessions,
    account_codes,
    sign_in_limits,
    grants,
    access_tokens,
    audit_entries,
    idempotency_keys,
    number_series,
    regions,
    places,
    commodities,
    commodity_units,
    reference_prices,
    markets,
    market_members,
    rounds,
    round_commodities,
    demands,
    offers,
    round_snapshots,
    solve_runs,
    awards,
    shortages,
    orders,
    order_holds,
    order_lines,
    order_shortfalls,
    buyer_budgets,
    calls,
    lots,
    bids,
    bid_versions,
    bid_openings,
    offer_terms,
    seller_terms,
    call_keys,
    call_seats,
    sittings,
    opening_minutes,
    sealed_keys,
    bid_answers,
    complaints,
    scenarios,
    log_head,
    log_tiles,
    row_seals,
    row_layouts,
    row_salts,
    log_checkpoints,
    log_cosignatures,
    log_keys,
    log_witnesses,
);
