// Every page that there is, for the tests that look at all of them and for the pictures in docs/screens.

/** Name (the picture's file), who looks, and the path. A new page gets a line here. */
export function pages(stage) {
  return [
    { name: 'home', path: '/' },
    { name: 'round', path: `/rounds/${stage.published}` },
  ];
}
