// The start: read what the server put into the page, load language and first screen side by side, show.
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { match } from './routes';
import { boot } from './lib/api/boot';
import { applyTheme, keptTheme } from './lib/shared/theme';

applyTheme(keptTheme());
if (boot.session !== null) void match(location.pathname)?.route.load();
mount(App, { target: document.getElementById('app')! });
