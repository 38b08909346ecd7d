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
    { name: 'coop-home', who: 'treasurer', path: '/home' },
    { name: 'coop-demands', who: 'treasurer', path: '/demands' },
    { name: 'kitchen-home', who: 'kitchen', path: '/home' },
    { name: 'kitchen-demands', who: 'kitchen', path: '/demands' },
    { name: 'supplier-home', who: 'seller', path: '/home' },
    { name: 'supplier-offers', who: 'seller', path: '/offers' },
    { name: 'supplier-choose', who: 'seller', path: '/offers/new' },
    { name: 'supplier-offer', who: 'seller', path: '/offers/new?commodity=beras_medium' },
    { name: 'supplier-orders', who: 'seller', path: '/orders' },
    { name: 'supplier-order', who: 'seller', path: `/orders/${stage.order}` },
    { name: 'assistant', who: 'assistant', path: '/assist' },
    { name: 'observer-home', who: 'observer', path: '/home' },
    { name: 'observe', who: 'observer', path: '/observe' },
    { name: 'account', who: 'treasurer', path: '/account' },
    { name: 'help', who: 'treasurer', path: '/help' },
    { name: 'operate', who: 'operator', path: '/operate' },
    { name: 'cockpit-collecting', who: 'operator', path: `/operate/rounds/${stage.collecting}` },
    { name: 'cockpit-published', who: 'operator', path: `/operate/rounds/${stage.published}` },
    { name: 'coop-repeat', who: 'treasurer', path: '/demands?repeat=1' },
    { name: 'coop-orders', who: 'treasurer', path: '/orders' },
    { name: 'missing', path: '/no-such-page', status: 404 },
  ];
}
