# The observer's page.
observe-title = Oversight
observe-about = Figures of whole markets. Nothing can be changed here; every change elsewhere is recorded for good.
observe-active = Active members
observe-dormant = Dormant
observe-suspended = Suspended
observe-not-yet-operating = Not yet operating
observe-latest = Latest published round: { $name }
observe-filled = Served (by weight)
observe-paid = Goods and freight
observe-saved-cheapest = Saved against buying alone, cheapest first
observe-saved-nearest = Saved against buying alone, nearest first
observe-cooperatives = Share of cooperatives and village enterprises
observe-small = Share of micro and small enterprises
observe-least = Served least: { $name }, { $share }.
observe-behind = { $count ->
    [one] One buyer is below 90%.
   *[other] { $count } buyers are below 90%.
}
observe-see = Result and pictures
