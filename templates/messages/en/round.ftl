# One round: its figures, its states, its reasons.
round-cooperatives = Cooperatives
round-kitchens = Kitchens
round-suppliers = Suppliers chosen
round-orders = Orders
round-goods = Goods
round-freight = Freight
round-by-commodity = By commodity
round-no-demand = Nothing has been asked for in this round yet.
round-commodity = Commodity
round-demanded = Asked for
round-filled = Served
round-average-price = Average price
round-het = HET
round-goods-rp = Goods (Rp)
round-freight-rp = Freight (Rp)
round-short = Not served
round-nothing-short = Everything that was asked for is served.
round-no-result = There is no result yet.
round-short-lines = { $count ->
    [one] { $count } request
   *[other] { $count } requests
}
round-purchase-orders = Purchase orders
round-no-orders = No orders yet. Orders are issued when two people have approved the proposal.
round-number = Number
round-lines = Lines
round-sum-rp = Sum (Rp)
round-state = State
round-next-orders = Next orders
round-check = Check it yourself
round-check-about = The problem was frozen when the round closed. Its fingerprint (SHA-256):
round-status-collecting = taking requests
round-status-closed = closed, waiting to be solved
round-status-solving = being solved
round-status-proposed = proposal ready for review
round-status-approved = approved
round-status-published = orders issued
round-status-cancelled = cancelled
round-status-failed = could not be solved
order-status-held = held: the time for complaints is not over, or a complaint is not answered
order-status-withdrawn = void: a complaint was upheld
order-status-issued = waiting for the supplier's answer
order-status-accepted = accepted by the supplier
order-status-partly-accepted = accepted in part
order-status-rejected = refused by the supplier
reason-no-offer-for-item = nobody offers this
reason-out-of-delivery-area = outside every delivery area
reason-stock-exhausted = stock used up
reason-below-supplier-minimum = below the supplier's minimum
reason-pack-not-filled = does not fill a pack
reason-price-above-ceiling = price above the ceiling (HET)
reason-delivers-too-late = can only be delivered after the day asked for
reason-certificate-missing = offers lack the certificate asked for
reason-offer-expired = offers end before the day asked for
reason-supplier-suspended = supplier is not active at present
reason-budget-limit = the buyer's budget is used up
reason-lower-priority = more urgent needs were served first
reason-excluded = excluded by the office
reason-pinned-elsewhere = stock was fixed for another buyer
reason-rule-limit = held back by a rule of the market
reason-cost-above-penalty = costs more than the shortage
reason-other = another reason
round-orders-sent = { $count ->
    [one] One purchase order came of this round.
   *[other] { $count } purchase orders came of this round.
}
round-own-orders = See your orders
round-orders-hidden = Names of buyers and suppliers are seen only by themselves, the office and supervisors.
round-check-how = Whoever holds this round's bundle can recompute everything, without the internet and without trusting this site.
round-check-page = Check it yourself
round-check-file = Keep the checker for use without the internet
