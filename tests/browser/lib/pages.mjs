// Every page that there is, for the tests that look at all of them and for the pictures in docs/screens.

/** Name (the picture's file), who looks, and the path. A new page gets a line here. */
export function pages(stage) {
  return [
    { name: 'home', path: '/' },
    { name: 'sign-in', path: '/sign-in' },
    { name: 'code', path: '/code' },
    { name: 'design', path: '/design' },
    { name: 'checker', path: '/periksa' },
    { name: 'round', path: `/rounds/${stage.published}` },
    { name: 'round-office', who: 'operator', path: `/rounds/${stage.published}` },
    { name: 'lines', who: 'treasurer', path: `/rounds/${stage.published}/lines` },
    { name: 'line', who: 'treasurer', path: `/rounds/${stage.published}/lines/${stage.line}` },
    { name: 'operate', who: 'operator', path: '/operate' },
    { name: 'cockpit-collecting', who: 'operator', path: `/operate/rounds/${stage.collecting}` },
    { name: 'cockpit-published', who: 'operator', path: `/operate/rounds/${stage.published}` },
    { name: 'treasurer-home', who: 'treasurer', path: '/home' },
    { name: 'treasurer-needs', who: 'treasurer', path: '/demands' },
    { name: 'treasurer-repeat', who: 'treasurer', path: '/demands?repeat=1' },
    { name: 'treasurer-orders', who: 'treasurer', path: '/orders' },
    { name: 'kitchen-home', who: 'kitchen', path: '/home' },
    { name: 'kitchen-needs', who: 'kitchen', path: '/demands' },
    { name: 'seller-home', who: 'seller', path: '/home' },
    { name: 'seller-offers', who: 'seller', path: '/offers' },
    { name: 'seller-choose', who: 'seller', path: '/offers/new' },
    { name: 'seller-offer', who: 'seller', path: '/offers/new?commodity=beras_medium' },
    { name: 'assistant', who: 'assistant', path: '/assist' },
    { name: 'account', who: 'chair', path: '/account' },
    { name: 'help', who: 'treasurer', path: '/help' },
    { name: 'missing', path: '/no-such-page', status: 404 },
  ];
}
