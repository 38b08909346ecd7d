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
    { name: 'missing', path: '/no-such-page', status: 404 },
  ];
}
