import { mount } from 'svelte';
import Help from './Help.svelte';

mount(Help, { target: document.querySelector('#app')!, props: { device: 'METER-0042' } });
