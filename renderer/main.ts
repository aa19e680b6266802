import '@fontsource-variable/inter/index.css';
import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { applyRememberedTheme } from './state/settings.svelte.ts';

applyRememberedTheme();
const target = document.getElementById('app');
if (target) mount(App, { target });
