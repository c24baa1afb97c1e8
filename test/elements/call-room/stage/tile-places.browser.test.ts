import { expect } from '@open-wc/testing';
import { arrange, type Layout } from '../../../../src/elements/call-room/stage/arrangement.ts';
import { placeTiles } from '../../../../src/elements/call-room/stage/tile-places.ts';
import { person } from '../../../support/fake-room-control.ts';

const screen = {} as MediaStreamTrack;
const people = Array.from({ length: 6 }, (_, n) => person({ id: `${n}`, self: n === 0 }));
const stages = [
  { width: 304, height: 200 },
  { width: 304, height: 500 },
  { width: 344, height: 660 },
  { width: 724, height: 290 },
  { width: 1264, height: 730 },
  { width: 3824, height: 2090 },
];

describe('the places of tiles', () => {
  for (const layout of ['auto', 'grid', 'speaker'] as Layout[]) {
    for (const shared of [false, true]) {
      it(`are on the stage and do not overlap: ${layout}${shared ? ', a screen shared' : ''}`, () => {
        for (const stage of stages) {
          for (let count = 1; count <= 6; count += 1) {
            const present = people.slice(0, count).map((one, index) => {
              return shared && index === 1 ? { ...one, screen } : one;
            });
            const items = arrange(present, layout, null);
            const places = placeTiles(items, stage);
            const told = `${count} people on ${stage.width} × ${stage.height}`;
            expect(places.size, told).to.equal(items.length);
            const flat = items.filter(({ place }) => place !== 'floating');
            for (const { key } of items) {
              const { left, top, width, height } = places.get(key)!;
              expect(Math.min(left, top), told).at.least(-0.01);
              expect(left + width, told).at.most(stage.width + 0.01);
              expect(top + height, told).at.most(stage.height + 0.01);
              expect(Math.min(width, height), told).at.least(24);
            }
            for (const [index, one] of flat.entries()) {
              for (const other of flat.slice(index + 1)) {
                const [a, b] = [places.get(one.key)!, places.get(other.key)!];
                const apart =
                  a.left + a.width <= b.left + 0.01 ||
                  b.left + b.width <= a.left + 0.01 ||
                  a.top + a.height <= b.top + 0.01 ||
                  b.top + b.height <= a.top + 0.01;
                expect(apart, told).to.equal(true);
              }
            }
          }
        }
      });
    }
  }

  it('give the stage to a shared screen of somebody else, and never to the own one', () => {
    const [me, other] = [people[0]!, people[1]!];
    expect(arrange([me, { ...other, screen }], 'grid', null)[0]).to.include({ kind: 'screen' });
    const own = arrange([{ ...me, screen }, other], 'auto', null);
    expect(own.map(({ kind, place }) => `${kind} ${place}`)).to.deep.equal([
      'camera floating',
      'camera main',
    ]);
  });

  it('give the stage to the last speaker, in the speaker layout', () => {
    const main = arrange(people, 'speaker', '3').find(({ place }) => place === 'main');
    expect(main?.person.id).to.equal('3');
  });
});
