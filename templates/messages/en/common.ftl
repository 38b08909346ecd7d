# What every page says.
common-product = Pasok
common-skip = Skip to content
common-menu = Menu
common-menu-home = Home
common-menu-demands = Needs
common-menu-offers = Offers
common-menu-orders = Orders
common-menu-observe = Oversight
common-menu-operate = Run rounds
common-menu-assist = My cooperatives
common-menu-rounds = Rounds
common-menu-help = Help
common-sign-in = Sign in
common-sign-out = Sign out
common-acting-label = You are acting for another organisation
common-acting-for = You are entering for
common-acting-stop = Stop
common-offline = There is no network. What you typed is kept on this phone; send it again when the network is back.
common-undo = Undo
common-footer = Every figure here comes from recorded orders.
common-other-language = Bahasa Indonesia
common-other-language-tag = id
common-for-programs = For developers (API)
common-wrong = Not sent yet. Something needs mending.
common-first-wrong = To the first field that needs mending
common-reveal = Show the password
common-no-such-page = The address may be mistyped, or the page has moved. Begin at home; nothing is lost.
common-cancel = Cancel
common-to-home = To your home page
common-refused-code = Code: { $code } ({ $status })
common-restored = What you typed last was restored from this phone.
common-discard = Discard it
common-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
done-signed-out = You are signed out. What this phone kept has been cleared.
done-password-chosen = Your password is saved. Please sign in.
term-het = Highest retail price (HET): the most that the government allows goods to be sold for
