// Package apis pins the Go types from which the schemas of the custom resources are generated.
package apis

import (
	_ "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	_ "sigs.k8s.io/gateway-api/apis/v1"
)
