# Lines of a result, and why each is as it is.
why-lines = Lines of the result
why-lines-about = Every line: who delivers what, when, and its price at the door. Touch a line to see its reasons.
why-no-lines = No lines for you in this round yet.
why-more-lines = More lines
why-from-to = From { $seller } for { $buyer }
why-landed-each = { $price } at the door
why-price = What the price is made of
why-part = Part
why-each = Per unit
why-whole = In all
why-freight = Freight ({ $km } km)
why-landed = At the door
why-this-supplier = Why this supplier?
why-unknown = The reason cannot be read from this round's result.
why-only-one = No other offer meets the conditions and still has goods.
why-next-dearer = The next best offer that still has goods is { $price } dearer at your door.
why-next-equal = The next best offer costs the same at the door; the published order of ties decided.
why-next-cheaper = An offer would be { $price } cheaper for this line alone, but using it would make the whole round dearer or break a rule.
why-used-up = { $count ->
    [one] One offer is cheaper, but its goods went to buyers who save more by them.
   *[other] { $count } offers are cheaper, but their goods went to buyers who save more by them.
}
why-not-more = Why not more?
why-all-served = All that was asked for here is served.
why-lacks = { $amount } missing: { $reason }.
why-check = These figures are part of a result that anybody can recompute.
remedy-no-offer-for-item = What would help: a supplier who offers this.
remedy-out-of-delivery-area = What would help: a supplier who goes farther, or collecting the goods.
remedy-stock-exhausted = What would help: more stock, or more room in the delivery days.
remedy-below-supplier-minimum = What would help: ordering more at once, or together with neighbours.
remedy-pack-not-filled = What would help: an amount in whole packs, or a tolerance ("up to").
remedy-price-above-ceiling = What would help: a price within the ceiling.
remedy-delivers-too-late = What would help: a later delivery day.
remedy-certificate-missing = What would help: the supplier's missing certificate.
remedy-offer-expired = What would help: an offer that lasts longer.
remedy-supplier-suspended = What would help: the supplier becoming active again.
remedy-budget-limit = What would help: a larger budget.
remedy-lower-priority = What would help: more stock; the urgent come first.
remedy-cost-above-penalty = What would help: a nearer or cheaper offer.
remedy-other = Ask the market's office what can be changed.
why-fee = Delivery fees (drop and truck)
why-rebate = { $amount } were taken off the goods by volume tiers.
