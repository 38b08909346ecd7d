# What everybody needs together, beside the lines of the weekly sheet.
demands-together = { $buyers } buyers around you together: { $have }.
demands-together-pack = { $buyers } buyers together: { $have } of { $at }; { $missing } more make whole packs.
demands-together-step = { $buyers } buyers together: { $have } of { $at }; { $missing } more for a lower price.
demands-together-whole = { $buyers } buyers together: { $have }, in whole packs.
demands-together-bar = Need together: { $name }
demands-from-menu = Fill from a menu
demands-from-menu-about = Choose today's menu and the number of portions. Ingredients are computed from the recipe and rounded up to whole packs; numbers that stand here are replaced.
demands-menu = Menu
demands-menu-missing = Choose the menu first.
demands-portions-small = Of these, small portions
demands-portions-wrong = Give the number of portions, 1 to 100,000; no more small ones than all together.
demands-menu-do = Compute ingredients
demands-budget = Your budget (Rp)
demands-budget-hint = To compare with the estimate. Not sent; kept on this phone.
demands-budget-left = { $amount } of the budget left.
demands-budget-over = { $amount } over the budget.
