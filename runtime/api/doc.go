// Package api has the definition of the service's API, ups/v1/ups.proto, and below
// upsv1 what is generated from it (make api).
package api
