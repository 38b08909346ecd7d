# The home of an office, and the families of goods.
office-today = What to do
office-nothing = Nothing waits for you now.
office-nothing-next = Rounds that need a step of yours appear here by themselves.
office-open = Open a new round
office-open-about = { $market } has no round that takes needs.
office-open-do = Open a round
office-step-close = Close round { $name }
office-step-solve = Compute the allocation of { $name }
office-step-approve = Check and approve the proposal of { $name }
office-step-publish = Publish the orders of { $name }
office-look-published = Read the result of { $name }
office-look-published-about = Published not long ago: who supplies, at what price, who is still short.
office-call-draft = Complete the call { $title }
office-call-closed = Open the envelopes of { $title }
office-do = Do it
office-look = Look
office-coming = Under way
office-nothing-coming = No round is under way.
office-closes = Closes { $moment }
office-waits = Waits for somebody else: { $status }
office-late = Late
office-nothing-late = Nothing is late.
office-late-closing = { $name } is past its closing time and not closed
office-late-publishing = { $name } has reached its delivery days without orders
office-late-orders = { $count ->
    [one] One order has waited more than a day for its supplier's answer
   *[other] { $count } orders have waited more than a day for their suppliers' answers
 }
office-figures = Figures of the market
office-log = Log of changes
category-sembako = Staples
category-protein = Meat, fish, eggs, soy
category-vegetable = Vegetables
category-fruit = Fruit
category-spice = Spices
category-dairy = Milk
category-fuel = Fuel
category-other = Other
offers-usual = What you have offered before
offers-others = Other goods
