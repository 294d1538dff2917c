import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client.ts";

/** Live frames keep the caches right, so nothing is fetched again merely because a window got focus. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      retryDelay: (count) => 400 * 2 ** count,
    },
    mutations: { retry: false },
  },
});
