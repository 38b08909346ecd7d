# The front page, for everybody.
public-title = Buying together, prices in the open
public-about = Cooperatives and kitchens write down what they need, suppliers what they offer. Pasok finds the cheapest way to serve as much as possible, and anybody can check the calculation.
public-rounds = Buying rounds
public-no-rounds = No rounds yet. The first one appears here when the market's office opens it.
public-delivery = Delivered { $days }
public-markets = Markets
public-no-markets = No markets yet.
public-market = Run by { $operator } · { $count ->
    [one] { $count } member
   *[other] { $count } members
}
