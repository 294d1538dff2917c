import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { whenSignedOut } from "./api/client.ts";
import { queryClient } from "./api/query-client.ts";
import { router } from "./app/router.tsx";
import { forgetLogin } from "./app/sign-out.ts";
import { warmUp } from "./app/warm-up.ts";
import { followPreferences } from "./preferences.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/ui.css";

followPreferences();
warmUp(location);

whenSignedOut(() => {
  if (router.state.location.pathname.endsWith("/login")) return;
  forgetLogin();
  void router.navigate({ to: "/login", search: { next: router.state.location.href.replace(/^\/desk/, "") } });
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root.");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
