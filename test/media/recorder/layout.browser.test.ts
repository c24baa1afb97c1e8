import { expect } from '@open-wc/testing';
import { fit, HEIGHT, layOut, WIDTH } from '../../../src/media/recorder/layout.ts';

describe('the layout of a recording', () => {
  it('puts two people side by side', () => {
    expect(layOut(2, false)).to.deep.equal({
      screen: null,
      people: [
        { x: 0, y: 0, width: 640, height: 480 },
        { x: 640, y: 0, width: 640, height: 480 },
      ],
    });
  });

  it('shows a shared screen large, with the people beside it', () => {
    const { screen, people } = layOut(2, true);
    expect(screen).to.deep.equal({ x: 0, y: 0, width: 960, height: 480 });
    expect(people).to.deep.equal([
      { x: 960, y: 0, width: 320, height: 240 },
      { x: 960, y: 240, width: 320, height: 240 },
    ]);
  });

  it('keeps everybody inside the picture, and nobody over another', () => {
    for (let count = 0; count <= 12; count++) {
      for (const withScreen of [false, true]) {
        const { screen, people } = layOut(count, withScreen);
        expect(people).to.have.length(count);
        const places = [...(screen ? [screen] : []), ...people];
        for (const [index, place] of places.entries()) {
          expect(place.x >= 0 && place.x + place.width <= WIDTH, 'wide').to.equal(true);
          expect(place.y >= 0 && place.y + place.height <= HEIGHT, 'high').to.equal(true);
          for (const other of places.slice(index + 1)) {
            const apart =
              place.x + place.width <= other.x ||
              other.x + other.width <= place.x ||
              place.y + place.height <= other.y ||
              other.y + other.height <= place.y;
            expect(apart, `${count} ${withScreen}`).to.equal(true);
          }
        }
      }
    }
  });

  it('cuts nothing off a picture of another shape', () => {
    const place = { x: 640, y: 0, width: 640, height: 480 };
    expect(fit(place, 1280, 720)).to.deep.equal({ x: 640, y: 60, width: 640, height: 360 });
    expect(fit(place, 480, 960)).to.deep.equal({ x: 840, y: 0, width: 240, height: 480 });
  });
});
