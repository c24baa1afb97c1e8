import { expect } from '@open-wc/testing';
import { settle } from '../../support/fake-clock.ts';
import { TimWorld, type TimPage } from './tim-world.ts';

describe('TimChat', () => {
  let world: TimWorld;

  beforeEach(() => {
    world = new TimWorld();
  });
  afterEach(() => world.end());

  describe('a picture', () => {
    const PICTURE = { id: '99999999-2222-4333-8444-555555555555', width: 2, height: 2 };
    const send = async (from: TimPage, picture: Blob) => {
      from.server.upload = async (image) => {
        from.server.uploads.push(image);
        return PICTURE;
      };
      from.chat.sendImage(picture);
      await settle();
    };

    it('is stored and shown by the desk, and also goes over IM', async () => {
      const { agent, visitor } = await world.both();
      await send(agent, new Blob(['png'], { type: 'image/png' }));
      expect(agent.server.uploads).to.have.length(1);
      expect(agent.statuses).to.deep.equal(['sent']);
      expect(world.cloud.kept.map(({ type }) => String(type))).to.deep.equal(['TIMImageElem']);
      expect(visitor.chat.getSnapshot().entries[0]!.image).to.deep.equal(PICTURE);
      await visitor.chat.loadImage(PICTURE.id);
      expect(visitor.server.downloads).to.equal(1);
    });

    it('that IM does not accept goes to the desk alone', async () => {
      const { agent, visitor } = await world.both();
      await send(agent, new Blob(['avif'], { type: 'image/avif' }));
      expect(agent.statuses).to.deep.equal(['sent']);
      expect(world.cloud.kept).to.deep.equal([]);
      visitor.receive(...world.record);
      expect(visitor.chat.getSnapshot().entries[0]!.image).to.deep.equal({ ...PICTURE });
    });

    it('that the desk refuses does not go over IM', async () => {
      const { agent, visitor } = await world.both();
      agent.server.refuseUpload = 'image-not-supported';
      agent.chat.sendImage(new Blob(['exe'], { type: 'image/png' }));
      await settle();
      expect(agent.chat.getSnapshot().entries[0]).to.include({
        ...{ status: 'failed', error: 'image-not-supported' },
      });
      expect(world.cloud.kept).to.deep.equal([]);
      expect(visitor.texts).to.deep.equal([]);
    });

    it('whose upload to IM never ends is still sent', async () => {
      const { agent } = await world.both();
      world.cloud.silent.add('sendMessage');
      await send(agent, new Blob(['png'], { type: 'image/png' }));
      expect(agent.statuses).to.deep.equal(['pending']);
      await world.clock.advance(20_000);
      expect(agent.statuses).to.deep.equal(['sent']);
    });
  });
});
