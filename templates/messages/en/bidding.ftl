# Bids from tables and offline files, lots by area, time for complaints, patterns of prices.
sheet-title = Bid by table (Excel or CSV)
sheet-about = The server reads the table: it sees your prices for that moment and then forgets them. Whoever would rather not writes on the bid's page or seals offline.
sheet-fill = 1. Fill in the table
sheet-fill-about = The table lists all lots already. A lot without a price is not bid on.
sheet-xlsx = Download the Excel table
sheet-file = 2. Choose the file you filled in
sheet-file-hint = XLSX or CSV, at most 5 MB.
sheet-read = Check the table
sheet-no-file = No file was chosen.
sheet-row = Row { $row }
sheet-cell = Row { $row }, column { $column }
sheet-bad = { $count ->
    [one] One cell needs mending
   *[other] { $count } cells need mending
}
sheet-bad-next = Mend them in the table, save it and choose the file again. Nothing was sent.
sheet-more = There are { $count } more; mend those above first.
sheet-good = { $count ->
    [one] The table is right: one lot is bid on.
   *[other] The table is right: { $count } lots are bid on.
}
sheet-good-next = Not sent yet. Look it over, then seal it below.
sheet-bundles = Bundles and discounts: { $count }
sheet-save = Save it to seal offline
file-title = Send a file sealed offline
file-document = Make the bid: by table, then choose “Save it to seal offline”.
file-facts = Open that page without a network, choose the bid, and fill in these three:
file-call = Number of the call
file-bidder = Number of the bidder
file-key = Key of the committee
file-hand-in = Save the sealed file, then choose it below.
file-sealed = Sealed file
file-sealed-hint = penawaran-tersegel-….json from the offline sealing page.
file-not-sealed = This is no file of the offline sealing page. Choose the file penawaran-tersegel-….json.
file-terms = Made for terms version
file-terms-hint = Written in the bid as terms_version. In force now: version { $version }.
tenders-other-ways = Other ways:
tenders-only = Only one of them
tenders-only-hint = Tick the lots of which you want to win one at most.
tenders-complain-until = Complaints are taken until { $moment }.
calls-areas = Divide the lots by
calls-areas-hint = One lot for each kind of goods and area.
calls-areas-market = whole market
calls-areas-district = district (kecamatan)
calls-areas-near = districts close together
calls-km = Farthest from the largest
calls-km-hint = Only for districts close together.
calls-areas-do = Show the lots
calls-first-day = Delivered from
calls-last-day = Delivered until
calls-relot = Change the lots
calls-relot-about = The lots that are ticked replace all lots of this draft.
calls-relot-do = Save the lots
calls-complaint-hours = Time for complaints
calls-complaint-hours-hint = From when bidders know the result. Until then orders for their lots wait. 0 means none.
calls-hours = { $count ->
    [one] one hour
   *[other] { $count } hours
}
calls-complaints-until = Complaints are taken until
done-call-lots = The draft's lots are replaced.
offers-min-order = Smallest order
offers-min-order-hint = For all your goods to one buyer. May be empty.
patterns-title = Patterns of prices
patterns-about = Patterns worth a closer look, after the OECD's guidelines. They block nothing: honest bids may look like this too.
patterns-none = no pattern
patterns-what = What each pattern means
patterns-same-price = The very same price
patterns-same-price-about = Two bidders ask the very same price.
patterns-too-alike = Prices too alike
patterns-too-alike-about = All prices lie within one per cent.
patterns-cover = Cover bids
patterns-cover-about = The losing prices lie close together, far above the winner's.
patterns-rotation = Winning in turn
patterns-rotation-about = The same bidders win in turn, call after call.
observe-calls = Calls whose bids are open
tenders-more-discount = Add another discount
tenders-more-together = Add another bundle
tenders-more-only = Add another choice
