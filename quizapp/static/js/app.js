// Every page works as plain HTML; these modules make it quicker to use.
import { prepare } from "./page.js";
import "./forms.js";
import "./keys.js";
import "./menus.js";

prepare(document);
document.querySelector("main [role=alert][data-focus]")?.focus(); // what is wrong comes first
