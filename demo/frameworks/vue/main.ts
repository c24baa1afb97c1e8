import { createApp } from 'vue';
import Help from './Help.vue';

createApp(Help, { device: 'METER-0042' }).mount('#app');
